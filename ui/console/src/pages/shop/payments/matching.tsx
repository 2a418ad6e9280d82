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
import { day, lastDay, localDay, midnight } from "./days"
import { Outcome, type Go } from "./outcome"
import { providers, useNames } from "./words"

// sandbox: whether the shop's money goes there; undefined until that is known, and then nothing is taken yet.
type Props = { may: boolean; sandbox: boolean | undefined; open: string; onOpen(id: string): void; onGo: Go }

/** A provider's statement beside our books: what agrees, what only one side has, what differs. */
export function MatchingTab({ may, sandbox, open, onOpen, onGo }: Props) {
  const found = useQuery(asks.reconciliations())
  if (found.error) return <Trouble error={found.error} onRetry={() => void found.refetch()} />
  const rows = found.data?.rows
  const shown = rows?.find((row) => row.id === open) ?? rows?.[0]
  return (
    <div className="stack">
      {may && sandbox !== undefined && <Take sandbox={sandbox} onTaken={(made) => onOpen(made.id)} />}
      {shown && <Outcome of={shown} may={may} onGo={onGo} />}
      <History rows={rows} onOpen={(row) => onOpen(row.id)} />
    </div>
  )
}

function Take({ sandbox, onTaken }: { sandbox: boolean; onTaken(made: Reconciliation): void }) {
  const { t } = useTranslation("payments")
  const { notification } = useNotices()
  const queries = useQueryClient()
  const f = useFormats()
  const names = useNames()
  const file = useRef<HTMLInputElement>(null)
  const [chosen, setProvider] = useState<Provider | null>(null)
  const provider = chosen ?? (sandbox ? "sandbox" : "wechat_v3")
  const [from, setFrom] = useState(() => localDay(new Date().toISOString(), -6 * day))
  const [to, setTo] = useState(() => localDay(new Date().toISOString()))
  const time = from && to && from <= to ? { since: midnight(from), until: midnight(to, 1) } : null
  // A provider states whole days, and only those that are over.
  const yesterday = localDay(new Date().toISOString(), -day)
  const whole = to && to < yesterday ? to : yesterday
  const match = useMutation({
    mutationFn: async (given: File | null) => {
      if (!time) throw new Error(t("matching.time"))
      if (!given && provider !== "sandbox") return take(client.POST("/v1/trade/payments/reconciliations/fetched", { body: { provider, day: whole } }))
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
        <Button type="primary" disabled={!time} loading={match.isPending} onClick={() => match.mutate(null)}>
          {provider === "sandbox" ? t("matching.fetch") : t("matching.fetchDay", { day: f.day(whole) })}
        </Button>
        <Button disabled={!time} onClick={() => file.current?.click()}>
          {t("matching.file")}
        </Button>
      </div>
    </section>
  )
}

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
