import { useInfiniteQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { useFormats } from "../../../lib/i18n"
import { rowsOf, Table, type Column } from "../../../parts/table"
import { Trouble } from "../../../parts/trouble"
import { asks as orderAsks, type OrderRow } from "../../shop/orders/asks"
import { FulfilmentTag, PaymentTag, StateTag } from "../../shop/orders/words"

const newest = 5

/** What a member ordered: how much in all, and the newest orders. */
export function Bought({ id }: { id: string }) {
  const { t } = useTranslation(["members", "orders", "common"])
  const f = useFormats()
  const list = useInfiniteQuery(orderAsks.orders({ q: id, state: "" }))
  if (list.error) return <Trouble error={list.error} onRetry={() => void list.refetch()} />
  const rows = rowsOf(list)
  const total = list.data?.pages[0]?.total ?? 0
  const columns: Column<OrderRow>[] = [
    {
      key: "number",
      title: t("orders:number"),
      show: (row) => (
        <Link to={`/shop/orders/${encodeURIComponent(row.order_id)}`} className="num">
          {row.number}
        </Link>
      ),
    },
    { key: "placed", title: t("orders:placed"), show: (row) => <span className="num">{f.moment(row.placed_at)}</span> },
    { key: "payment", title: t("orders:pay"), wide: true, show: (row) => <PaymentTag of={row.states} /> },
    { key: "fulfilment", title: t("orders:send"), wide: true, show: (row) => (row.state === "placed" ? <FulfilmentTag of={row.states} /> : <StateTag of={row.state} />) },
    { key: "total", title: t("orders:amount"), right: true, show: (row) => f.money(row.total_minor, { exact: true }) },
  ]
  return (
    <section className="sheet" aria-label={t("orders")}>
      <div className="thead">
        <h2>{t("orders")}</h2>
        {total > newest && <Link to={`/shop/orders?q=${encodeURIComponent(id)}`}>{t("ordersAll", { count: total })}</Link>}
      </div>
      <Table label={t("orders")} columns={columns} rows={rows?.slice(0, newest)} rowKey={(row) => row.order_id} empty={<p className="soft pad">{t("ordersNone")}</p>} />
    </section>
  )
}
