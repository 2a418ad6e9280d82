import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Drawer, Modal } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { atLeast, client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import type { Me } from "../../../lib/shapes"
import { Bones } from "../../../parts/blank"
import { sentenceOf, Trouble } from "../../../parts/trouble"
import { asks, type Request } from "./asks"

const known = ["asked", "approved", "running", "done", "failed", "cancelled", "taken", "gone"] as const

/** One request: what was asked, what may be done now, what came of it and what the search found. */
export function RequestDrawer({ id, me, onClose }: { id: string; me: Me | undefined; onClose(): void }) {
  const { t } = useTranslation("privacy")
  const found = useQuery(asks.request(id))
  const request = found.data
  const title = request ? t(`kind.${request.kind}`) : t("detail.title")
  return (
    <Drawer open={id !== ""} onClose={onClose} title={title} size="large" destroyOnHidden>
      {found.error ? <Trouble error={found.error} onRetry={() => void found.refetch()} /> : request ? <Body request={request} me={me} /> : <Bones rows={6} height={32} />}
    </Drawer>
  )
}

function Body({ request, me }: { request: Request; me: Me | undefined }) {
  const { t } = useTranslation("privacy")
  const f = useFormats()
  return (
    <div className="stack">
      <section>
        <h2 className="num">{request.person_id}</h2>
        <p className="soft">
          {[t(`state.${request.state}`), t("detail.asked", { day: f.day(request.asked_on) }), t("detail.due", { day: f.day(request.due_on) })].join(" · ")}
        </p>
        {request.asked_via && <p>{t("detail.via", { via: request.asked_via })}</p>}
        <p>{t("detail.proof", { proof: request.proof })}</p>
        <Acts request={request} me={me} />
      </section>
      {request.kind === "erasure" && request.found && <Search request={request} />}
      <section>
        <h3>{t("detail.rows")}</h3>
        <Rows rows={request.rows} />
      </section>
      <section>
        <h3>{t("detail.steps")}</h3>
        <ul className="plain">
          {request.steps?.map((step) => (
            <li key={step.at + step.what}>
              {t("by", { who: step.actor, what: known.find((one) => one === step.what) ? t(`step.${step.what as (typeof known)[number]}`) : step.what })}
              {step.why && ` (${t("because", { why: step.why })})`} <span className="soft small">{f.moment(step.at)}</span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}

function Rows({ rows }: { rows: Record<string, number> }) {
  const { t } = useTranslation("privacy")
  const f = useFormats()
  const found = Object.entries(rows).sort(([a], [b]) => a.localeCompare(b))
  if (!found.length) return <p className="soft small">{t("detail.rowsNone")}</p>
  return (
    <dl className="facts">
      {found.map(([name, count]) => (
        <div className="contents" key={name}>
          <dt>{name}</dt>
          <dd className="num">{f.whole(count)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Search({ request }: { request: Request }) {
  const { t } = useTranslation("privacy")
  const f = useFormats()
  const day = request.gone_on ? f.day(request.gone_on) : ""
  return (
    <section>
      <h3>{t("detail.found")}</h3>
      {request.found?.length ? (
        <>
          <p className="bad">{t("detail.dirty")}</p>
          <Rows rows={Object.fromEntries(request.found.map((one) => [one.place, one.rows]))} />
        </>
      ) : (
        <p>{t("detail.clean")}</p>
      )}
      {request.short > 0 && <p className="soft small">{t("detail.short", { count: request.short })}</p>}
      <p className="soft small">
        {request.gone_at ? t("detail.gone", { at: f.moment(request.gone_at) }) : request.old_files !== null && t("detail.going", { count: request.old_files, day })}
      </p>
      <p className="soft small">{t("detail.backups")}</p>
    </section>
  )
}

function Acts({ request, me }: { request: Request; me: Me | undefined }) {
  const { t } = useTranslation("privacy")
  const f = useFormats()
  const { notification } = useNotices()
  const queries = useQueryClient()
  const [sure, setSure] = useState(false)
  const path = { params: { path: { id: request.id } } }
  const act = useMutation({
    mutationFn: (verb: "approve" | "cancel") =>
      verb === "approve" ? take(client.POST("/v1/privacy/requests/{id}/approve", path)) : take(client.POST("/v1/privacy/requests/{id}/cancel", { ...path, body: { why: "" } })),
    onSettled: () => {
      setSure(false)
      void queries.invalidateQueries({ queryKey: ["/v1/privacy/requests"] })
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const opens = request.state === "waiting" || request.state === "failed"
  const held = request.kind === "erasure" && request.made_by === me?.name && new Date(request.hold_until) > new Date()
  const erases = request.kind === "erasure"
  return (
    <div className="row" style={{ marginTop: 10 }}>
      {opens && atLeast(me?.role, "approver") && (
        <Button type="primary" danger={erases} disabled={held} loading={act.isPending} onClick={() => (erases ? setSure(true) : act.mutate("approve"))}>
          {request.state === "failed" ? t("retry") : t("approve")}
        </Button>
      )}
      {(request.state === "waiting" || request.state === "approved") && <Button onClick={() => act.mutate("cancel")}>{t("cancel")}</Button>}
      {request.has_file && atLeast(me?.role, "approver") && (
        <Button href={`/v1/privacy/requests/${request.id}/file`} download>
          {t("download")}
        </Button>
      )}
      {opens && held && <p className="soft small">{t("hold", { at: f.moment(request.hold_until) })}</p>}
      <Modal open={sure} title={t("sure", { person: request.person_id })} okText={t("approve")} okButtonProps={{ danger: true, loading: act.isPending }} onOk={() => act.mutate("approve")} onCancel={() => setSure(false)} width={440}>
        <p>{t("sureMeans")}</p>
      </Modal>
    </div>
  )
}
