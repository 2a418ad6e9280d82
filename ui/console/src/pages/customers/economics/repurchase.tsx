import { useQuery } from "@tanstack/react-query"
import { InputNumber } from "antd"
import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import type { RepurchaseMonth } from "../../../lib/shapes"
import { Bones } from "../../../parts/blank"
import { Term } from "../../../parts/explain"
import { Table, type Column } from "../../../parts/table"
import { Trouble } from "../../../parts/trouble"
import { IntervalBar } from "../../../parts/viz"

type Props = { asOf: string; days: string; onDays(days: string): void }

/** Who buys again within so many days, and what an order is worth, month by month. */
export function RepurchaseCard({ asOf, days, onDays }: Props) {
  const { t } = useTranslation(["economics", "common"])
  const f = useFormats()
  const within = Math.min(365, Math.max(1, Number(days) || 30))
  const found = useQuery(ask.repurchase(within))
  const money = f.column((found.data ?? []).map((row) => row.order_minor))
  const columns: Column<RepurchaseMonth>[] = [
    { key: "month", title: t("month"), show: (row) => f.month(row.month) },
    { key: "buyers", title: t("buyers"), right: true, show: (row) => f.whole(row.buyers) },
    {
      key: "rate",
      title: t("again"),
      explain: "buyAgain",
      right: true,
      show: (row) =>
        row.rate ? (
          <>
            {f.percent(row.rate.mid, 1)} <span className="range fixed nophone">{t("common:range", { low: f.percent(row.rate.low, 1), high: f.percent(row.rate.high, 1) })}</span>
          </>
        ) : (
          <span className="soft">{t("waitingAll")}</span>
        ),
    },
    { key: "bar", title: "", wide: true, show: (row) => row.rate && <IntervalBar range={row.rate} scale={{ min: 0, max: 1 }} /> },
    { key: "waiting", title: t("waiting"), right: true, wide: true, show: (row) => f.whole(row.waiting) },
    { key: "orders", title: t("orders"), right: true, wide: true, show: (row) => f.whole(row.orders) },
    { key: "worth", title: t("orderValue"), explain: "basket", right: true, show: (row) => (row.order_minor === null ? t("common:dash") : money.money(row.order_minor)) },
  ]
  return (
    <section className="sheet" aria-labelledby="again">
      <div className="thead">
        <div className="shead">
          <h2 id="again">
            <Term of="buyAgain" asOf={asOf}>
              {t("repurchase")}
            </Term>
          </h2>
          <InputNumber className="withindays" aria-label={t("withinDays")} prefix={t("withinDays")} suffix={t("dayUnit")} min={1} max={365} precision={0} value={within} onChange={(value) => value && onDays(String(value))} />
        </div>
        <p className="soft small">{t("repurchaseLead", { count: within })}</p>
      </div>
      {found.error ? (
        <Trouble error={found.error} onRetry={() => void found.refetch()} />
      ) : found.data ? (
        <Table label={t("repurchase")} columns={columns} rows={[...found.data].reverse()} rowKey={(row) => row.month} fold={6} asOf={asOf} empty={<p className="soft pad">{t("repurchaseNone")}</p>} />
      ) : (
        <Bones rows={6} height={36} />
      )}
    </section>
  )
}
