import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Input, Select } from "antd"
import { useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import { Blank } from "../../../parts/blank"
import { Table, type Column } from "../../../parts/table"
import { sentenceOf, Trouble } from "../../../parts/trouble"
import { asks, renew, type Provider, type Reconciliation } from "./asks"
import { OrderLink } from "./order"
import { providers, useMoney, useNames } from "./words"

type Mismatch = Reconciliation["mismatches"][number]

/** A provider's statement beside our books: what agrees, what only one side has, what differs. */
export function MatchingTab({ may, sandbox }: { may: boolean; sandbox: boolean }) {
  const found = useQuery(asks.reconciliations())
  const [open, setOpen] = useState<string | null>(null)
  if (found.error) return <Trouble error={found.error} onRetry={() => void found.refetch()} />
  const rows = found.data?.rows
  const shown = rows?.find((row) => row.id === open) ?? rows?.[0]
  return (
    <div className="stack">
      {may && <Take sandbox={sandbox} onTaken={(made) => setOpen(made.id)} />}
      {shown && <Outcome of={shown} />}
      <History rows={rows} onOpen={(row) => setOpen(row.id)} />
    </div>
  )
}

function Take({ sandbox, onTaken }: { sandbox: boolean; onTaken(made: Reconciliation): void }) {
  const { t } = useTranslation("payments")
  const { notification } = useNotices()
  const queries = useQueryClient()
  const names = useNames()
  const file = useRef<HTMLInputElement>(null)
  const [chosen, setProvider] = useState<Provider | null>(null)
  const provider = chosen ?? (sandbox ? "sandbox" : "wechat_v3")
  const [from, setFrom] = useState(() => localDay(new Date().toISOString(), -6 * day))
  const [to, setTo] = useState(() => localDay(new Date().toISOString()))
  const time = from && to && from <= to ? { since: midnight(from), until: midnight(to, 1) } : null
  const match = useMutation({
    mutationFn: async (given: File | null) => {
      if (!time) throw new Error(t("matching.time"))
      if (!given) return take(client.POST("/v1/trade/payments/reconciliations/sandbox", { body: time }))
      return take(client.POST("/v1/trade/payments/reconciliations", { body: { ...time, provider, currency: "CNY", text: await given.text() } }))
    },
    onSuccess: (made) => {
      onTaken(made)
      void renew(queries)
    },
    onError: (problem) => void notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  return (
    <section className="sheet pad">
      <h2>{t("matching.take")}</h2>
      <p className="soft small">{t("matching.means")}</p>
      <div className="tbar matchform">
        <Select aria-label={t("col.provider")} value={provider} onChange={setProvider} options={providers.map((value) => ({ value, label: names.provider(value) }))} popupMatchSelectWidth={false} />
        <Input type="date" className="day" aria-label={t("matching.from")} value={from} max={to} onChange={(event) => setFrom(event.target.value)} />
        <Input type="date" className="day" aria-label={t("matching.to")} value={to} min={from} onChange={(event) => setTo(event.target.value)} />
        <input ref={file} type="file" accept=".csv,.txt,text/csv,text/plain" hidden onChange={(event) => (event.target.files?.[0] && match.mutate(event.target.files[0]), (event.target.value = ""))} />
        {provider === "sandbox" && (
          <Button type="primary" disabled={!time} loading={match.isPending} onClick={() => match.mutate(null)}>
            {t("matching.fetch")}
          </Button>
        )}
        <Button disabled={!time} loading={match.isPending && provider !== "sandbox"} onClick={() => file.current?.click()}>
          {t("matching.file")}
        </Button>
      </div>
    </section>
  )
}

function Outcome({ of }: { of: Reconciliation }) {
  const { t } = useTranslation("payments")
  const f = useFormats()
  const money = useMoney()
  const names = useNames()
  const currency = of.mismatches[0]?.currency ?? "CNY"
  const amount = (minor: number | null, row: Mismatch) => (minor === null ? t("none") : money(minor, row.currency))
  const columns: Column<Mismatch>[] = [
    { key: "what", title: t("col.what"), show: (row) => t(`matching.${row.what}`) },
    { key: "kind", title: t("col.kind"), show: (row) => t(row.kind === "charge" ? "matching.charge" : "matching.refund") },
    { key: "ref", title: t("col.ref"), wide: true, show: (row) => <span className="num idword">{row.provider_ref}</span> },
    { key: "order", title: t("col.order"), wide: true, show: (row) => <OrderLink id={row.order_id} /> },
    { key: "here", title: t("col.here"), right: true, show: (row) => amount(row.here_minor, row) },
    { key: "theirs", title: t("col.theirs"), right: true, show: (row) => amount(row.there_minor, row) },
  ]
  const fine = of.mismatches.length === 0
  return (
    <section className="sheet">
      <div className="pad outcome">
        <h2>{t("matching.of", { provider: names.provider(of.provider), since: f.day(localDay(of.since)), until: f.day(lastDay(of.until)) })}</h2>
        <p className={fine ? "paystate" : "paystate is-odd"}>{fine ? t("matching.fine", { count: of.matched }) : t("matching.off", { count: of.mismatches.length, matched: f.whole(of.matched) })}</p>
        <p className="soft small num">
          {t("matching.sums", { amount: money(of.matched_minor, currency), fees: money(of.fees_minor, currency), who: of.taken_by, at: f.moment(of.taken_at) })}
        </p>
      </div>
      {!fine && <Table label={t("matching.take")} columns={columns} rows={of.mismatches} rowKey={(row) => row.what + row.kind + row.provider_ref} fold={20} empty={null} />}
    </section>
  )
}

const day = 86_400_000
/** The reader's own midnight at the beginning of a day, or of one after it. */
function midnight(iso: string, after = 0): string {
  const at = new Date(`${iso}T00:00:00`)
  at.setDate(at.getDate() + after)
  return at.toISOString()
}
const pad = (value: number) => String(value).padStart(2, "0")
/** A moment's day on the reader's own calendar. */
function localDay(iso: string, shift = 0): string {
  const at = new Date(Date.parse(iso) + shift)
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
}
const lastDay = (iso: string) => localDay(iso, -1)

function History({ rows, onOpen }: { rows: Reconciliation[] | undefined; onOpen(row: Reconciliation): void }) {
  const { t } = useTranslation("payments")
  const f = useFormats()
  const names = useNames()
  const columns: Column<Reconciliation>[] = [
    {
      key: "at",
      title: t("col.at"),
      show: (row) => (
        <button type="button" className="linklike num" onClick={() => onOpen(row)}>
          {f.moment(row.taken_at)}
        </button>
      ),
    },
    { key: "provider", title: t("col.provider"), show: (row) => names.provider(row.provider) },
    { key: "days", title: t("matching.days"), wide: true, show: (row) => `${f.day(localDay(row.since))} – ${f.day(lastDay(row.until))}` },
    { key: "matched", title: t("col.matched"), right: true, show: (row) => f.whole(row.matched) },
    { key: "off", title: t("col.off"), right: true, show: (row) => f.whole(row.mismatches.length) },
  ]
  return (
    <section className="sheet">
      <Table label={t("matching.history")} columns={columns} rows={rows} rowKey={(row) => row.id} onOpen={onOpen} empty={<Blank title={t("matching.none")}>{t("matching.noneWhy")}</Blank>} />
    </section>
  )
}
