import { useMutation, useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useTranslation } from "react-i18next"
import { atLeast } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import { ask, queries } from "../../../lib/queries"
import { Bones } from "../../../parts/blank"
import { sentenceOf, Trouble } from "../../../parts/trouble"
import { asks, definitionOf, writes, type Row, type Version } from "./asks"
import { useChanges } from "./diff"
import type { Draft } from "./draft"

const draftOf = (one: Version): Draft => ({ name: one.name, note: one.note, definition: definitionOf(one) })

/** Every version with what it changed, newest first. */
export function Versions({ row }: { row: Row }) {
  const found = useQuery(asks.versions(row.id))
  if (found.error) return <Trouble error={found.error} onRetry={() => void found.refetch()} />
  if (!found.data) return <Bones rows={4} height={60} />
  return (
    <section className="sheet">
      <ol className="versions">
        {found.data.map((one, i, all) => (
          <Entry key={one.version} row={row} version={one} before={all[i + 1]} />
        ))}
      </ol>
    </section>
  )
}

function Entry({ row, version, before }: { row: Row; version: Version; before: Version | undefined }) {
  const { t } = useTranslation("audiences")
  const f = useFormats()
  const { message, notification } = useNotices()
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const changes = useChanges(draftOf(before ?? version), draftOf(version))
  const current = version.version === row.version
  const restore = useMutation({
    mutationFn: () => writes.edit(row.id, row.version, draftOf(version)),
    onSuccess: (saved) => {
      void queries.invalidateQueries({ queryKey: ["/v1/audiences"] })
      void message.success(t("restoredVersion", { from: version.version, version: saved.version }))
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  return (
    <li>
      <div className="shead">
        <h3>
          {t("versionNo", { version: version.version })} {current && <span className="state working">{t("current")}</span>}
          <span className="soft small num">
            {" "}
            {version.by}, {f.moment(version.at)}
          </span>
        </h3>
        {!current && row.state !== "archived" && atLeast(me?.role, "operator") && (
          <Button size="small" loading={restore.isPending} title={t("restoreMeans", { from: version.version, version: row.version + 1 })} onClick={() => restore.mutate()}>
            {t("restore")}
          </Button>
        )}
      </div>
      {before ? (
        <ul className="plainbullets">
          {changes.length ? changes.map((one) => <li key={one}>{one}</li>) : <li>{t("nothingChanges")}</li>}
        </ul>
      ) : (
        <p className="soft">{t("firstVersion")}</p>
      )}
    </li>
  )
}
