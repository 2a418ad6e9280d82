import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Button } from "antd"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import { Table, type Column } from "../../../parts/table"
import { sentenceOf } from "../../../parts/trouble"
import { renew, type Reconciliation } from "./asks"
import { lastDay, localDay } from "./days"
import { OrderLink } from "./order"
import { Sum } from "./sum"
import { useMoney, useNames } from "./words"

type Mismatch = Reconciliation["mismatches"][number]
export type Go = (tab: string, patch: { show?: string; order?: string }) => void

const whats = ["missing_here", "missing_there", "different"] as const

/** What a statement and our books say of each other, and for each kind of difference what to do about it. */
export function Outcome({ of, may, onGo }: { of: Reconciliation; may: boolean; onGo: Go }) {
  const { t } = useTranslation("payments")
  const f = useFormats()
  const money = useMoney()
  const names = useNames()
  const currency = of.mismatches[0]?.currency ?? "CNY"
  const fine = of.mismatches.length === 0
  return (
    <section className="sheet">
      <div className="pad outcome">
        <h2>{t("matching.of", { provider: names.provider(of.provider), since: f.day(localDay(of.since)), until: f.day(lastDay(of.until)) })}</h2>
        <p className={fine ? "paystate" : "paystate is-odd"}>{fine ? t("matching.fine", { count: of.matched }) : t("matching.off", { count: of.mismatches.length, matched: f.whole(of.matched) })}</p>
        <p className="soft small num">
          {of.provider === "sandbox" && <span className="simulated">{t("sandbox.row")}</span>} {t("matching.sums", { amount: money(of.matched_minor, currency), fees: money(of.fees_minor, currency), who: of.taken_by, at: f.moment(of.taken_at) })}
        </p>
      </div>
      {whats.flatMap((what) =>
        (["charge", "refund"] as const).map((kind) => {
          const rows = of.mismatches.filter((one) => one.what === what && one.kind === kind)
          return rows.length > 0 && <Group key={what + kind} what={what} kind={kind} rows={rows} provider={of.provider} may={may} onGo={onGo} />
        }),
      )}
    </section>
  )
}

type GroupProps = { what: Mismatch["what"]; kind: Mismatch["kind"]; rows: Mismatch[]; provider: string; may: boolean; onGo: Go }

/** Differences of one kind have one cause, mostly, and one thing to do next. */
function Group({ what, kind, rows, provider, may, onGo }: GroupProps) {
  const { t } = useTranslation("payments")
  const f = useFormats()
  const here = what !== "missing_here"
  const there = what !== "missing_there"
  const columns: Column<Mismatch>[] = [
    { key: "ref", title: t("col.ref"), wrap: true, wide: rows.every((row) => row.order_id), show: (row) => <span className="num idword">{row.provider_ref || t("none")}</span> },
    { key: "order", title: t("col.order"), show: (row) => <OrderLink id={row.order_id} /> },
    ...(here ? [{ key: "here", title: t("col.here"), right: true, show: (row: Mismatch) => <Sum minor={row.here_minor} currency={row.currency} provider={provider} /> }] : []),
    ...(there ? [{ key: "theirs", title: t("col.theirs"), right: true, show: (row: Mismatch) => <Sum minor={row.there_minor} currency={row.currency} provider={provider} /> }] : []),
  ]
  const act: Column<Mismatch> = { key: "act", title: "", right: true, show: (row) => <Next row={row} onGo={onGo} /> }
  return (
    <div className="differences">
      <div className="pad">
        <h3>
          {t(`matching.${what}`)} · {t(kind === "charge" ? "matching.charge" : "matching.refund")} <span className="soft num">{f.whole(rows.length)}</span>
        </h3>
        <p className="small">{t(`next.${what}_${kind}`)}</p>
      </div>
      <Table label={`${t(`matching.${what}`)} ${t(kind === "charge" ? "matching.charge" : "matching.refund")}`} columns={may ? [...columns, act] : columns} rows={rows} rowKey={(row) => row.provider_ref + row.ours + String(row.here_minor)} fold={10} empty={null} />
    </div>
  )
}

/** The one thing that can be done about a difference from here. */
function Next({ row, onGo }: { row: Mismatch; onGo: Go }) {
  const { t } = useTranslation("payments")
  const { message, notification } = useNotices()
  const queries = useQueryClient()
  const query = useMutation({
    mutationFn: () => take(client.POST("/v1/trade/payments/intents/{intent_id}/ask", { params: { path: { intent_id: row.ours } } })),
    onSuccess: () => {
      void message.success(t("intent.asking"))
      void renew(queries)
    },
    onError: (problem) => void notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  if (row.ours) {
    return (
      <Button size="small" loading={query.isPending} onClick={() => query.mutate()}>
        {t("intent.ask")}
      </Button>
    )
  }
  if (row.order_id) {
    const order = row.order_id
    return (
      <Button size="small" onClick={() => onGo("ledger", { order })}>
        {t("next.ledger")}
      </Button>
    )
  }
  if (row.kind === "charge") {
    return (
      <Button size="small" onClick={() => onGo("received", { show: "parked" })}>
        {t("next.parked")}
      </Button>
    )
  }
  return null
}
