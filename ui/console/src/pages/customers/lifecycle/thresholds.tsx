import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Drawer, InputNumber } from "antd"
import { useEffect, useMemo, useState } from "react"
import { useTranslation } from "react-i18next"
import { atLeast, client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { holdKeys } from "../../../lib/keys"
import { useNotices } from "../../../lib/notices"
import { ask } from "../../../lib/queries"
import { thresholds as known, type Lifecycle, type Threshold } from "../../../lib/shapes"
import { Bones } from "../../../parts/blank"
import { sentenceOf } from "../../../parts/trouble"
import { usePlaceName } from "./words"

type Wanted = Record<string, number>

/** The boundaries, and what moving them would do before anything is saved. */
export function ThresholdsDrawer({ open, data, onClose }: { open: boolean; data: Lifecycle | undefined; onClose(): void }) {
  const { t } = useTranslation(["lifecycle", "common"])
  const { message, notification } = useNotices()
  const queries = useQueryClient()
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const [wanted, setWanted] = useState<Wanted>({})
  useEffect(() => (open ? holdKeys() : undefined), [open])
  useEffect(() => setWanted({}), [open, data?.thresholds])
  const may = atLeast(me?.role, "approver")
  const changed = Object.keys(wanted).length > 0
  const save = useMutation({
    mutationFn: () => take(client.PATCH("/v1/lifecycle/thresholds", { body: { thresholds: wanted } })),
    onSuccess: (fresh) => {
      queries.setQueryData(ask.lifecycle().queryKey, fresh)
      for (const path of ["/v1/lifecycle/flow", "/v1/lifecycle/customers/{id}", "/v1/customers"]) void queries.invalidateQueries({ queryKey: [path] })
      void message.success(t("common:act.saved"))
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const set = (row: Threshold, value: number | null) =>
    setWanted((old) => {
      const rest = Object.fromEntries(Object.entries(old).filter(([key]) => key !== row.key))
      return value === null || Math.abs(value - row.value) < 1e-9 ? rest : { ...rest, [row.key]: value }
    })
  return (
    <Drawer open={open} onClose={onClose} title={t("thresholds")} size={620} destroyOnHidden>
      <p className="soft small">{t(may ? "thresholdsLead" : "thresholdsRead")}</p>
      {data ? (
        <ul className="boundaries">
          {data.thresholds.map((row) => (
            <Boundary key={row.key} row={row} value={wanted[row.key] ?? row.value} may={may} onSet={(value) => set(row, value)} />
          ))}
        </ul>
      ) : (
        <Bones rows={8} height={64} />
      )}
      {data?.as_of && changed && <Preview wanted={wanted} />}
      {may && (
        <div className="row end">
          <Button type="primary" disabled={!changed} loading={save.isPending} onClick={() => save.mutate()}>
            {t("common:act.save")}
          </Button>
          {changed && <Button onClick={() => setWanted({})}>{t("undo")}</Button>}
        </div>
      )}
    </Drawer>
  )
}

function Boundary({ row, value, may, onSet }: { row: Threshold; value: number; may: boolean; onSet(value: number | null): void }) {
  const { t, i18n } = useTranslation("lifecycle")
  const f = useFormats()
  const share = row.unit === "share"
  const factor = share ? 100 : 1
  const name = known.find((key) => key === row.key)
  const title = name ? t(`threshold.${name}`) : row.key
  const show = (number: number) => (share ? f.percent(number, Number.isInteger(Math.round(number * 1e4) / 100) ? 0 : 2) : f.whole(number))
  return (
    <li>
      <div>
        <h3>{title}</h3>
        <p className="soft small">{i18n.language === "zh" ? row.about_zh : row.about_en}</p>
        <p className="soft small num">
          {t("bounds", { low: show(row.low), high: show(row.high), value: show(row.default) })}
          {row.updated_by && row.updated_at && <span className="block">{t("setBy", { who: row.updated_by, at: f.moment(row.updated_at) })}</span>}
        </p>
      </div>
      <InputNumber
        aria-label={title}
        value={Math.round(value * factor * 1e4) / 1e4}
        min={row.low * factor}
        max={row.high * factor}
        step={share ? 1 : 1}
        disabled={!may}
        suffix={share ? "%" : undefined}
        onChange={(next) => onSet(next === null ? null : Math.round((next / factor) * 1e6) / 1e6)}
      />
    </li>
  )
}

/** How many would move, asked a moment after the last key. */
function Preview({ wanted }: { wanted: Wanted }) {
  const { t } = useTranslation("lifecycle")
  const f = useFormats()
  const place = usePlaceName()
  const [asked, setAsked] = useState(wanted)
  const key = useMemo(() => JSON.stringify(wanted), [wanted])
  useEffect(() => {
    const timer = setTimeout(() => setAsked(JSON.parse(key) as Wanted), 350)
    return () => clearTimeout(timer)
  }, [key])
  const found = useQuery(ask.lifecyclePreview(asked))
  return (
    <section className="deciding" aria-live="polite">
      {found.error ? (
        <p className="warn">{sentenceOf(found.error)}</p>
      ) : found.data ? (
        <>
          <strong>{t("wouldMove", { count: found.data.moved })}</strong>
          <ul className="plainbullets small num">
            {found.data.moves.slice(0, 8).map((move) => (
              <li key={`${move.was}-${move.now}`}>
                {place(move.was ?? "")} {"\u2192"} {place(move.now ?? "")}: {f.whole(move.customers)}
              </li>
            ))}
          </ul>
        </>
      ) : (
        <Bones rows={2} height={24} />
      )}
    </section>
  )
}
