import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Button, Segmented } from "antd"
import { useCallback, useMemo, useState } from "react"
import { useTranslation } from "react-i18next"
import { Link, useNavigate } from "react-router"
import { atLeast } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { oneOf, useUrl } from "../../../lib/url"
import { Blank } from "../../../parts/blank"
import { Search } from "../../../parts/search"
import { PagedTable, rowsOf, type Column } from "../../../parts/table"
import "../../../styles/trade.css"
import { asks, filters, type OrderRow } from "./asks"
import { WriteDraft } from "./draft"
import { FulfilmentTag, PaymentTag, StateTag } from "./words"

const link = (row: OrderRow) => `/shop/orders/${encodeURIComponent(row.order_id)}`
const days = 30

function useColumns(rows: OrderRow[] | undefined): Column<OrderRow>[] {
  const { t } = useTranslation(["orders", "common"])
  const f = useFormats()
  const totals = useMemo(() => f.column((rows ?? []).map((row) => row.total_minor)), [f, rows])
  return useMemo(
    () => [
      {
        key: "number",
        title: t("number"),
        show: (row) => (
          <Link to={link(row)} className="num">
            {row.number}
          </Link>
        ),
      },
      { key: "placed", title: t("placed"), wide: true, show: (row) => <span className="num">{f.moment(row.placed_at)}</span> },
      {
        key: "buyer",
        title: t("buyer"),
        wide: true,
        show: (row) => (
          <>
            {row.recipient ?? <span className="soft">{t("forgotten")}</span>} {!row.member_id && <span className="soft small">{t("guest")}</span>}
          </>
        ),
      },
      { key: "units", title: t("units"), right: true, wide: true, show: (row) => f.whole(row.units) },
      { key: "total", title: t("amount"), right: true, show: (row) => totals.money(row.total_minor) },
      { key: "payment", title: t("pay"), wide: true, show: (row) => (row.state === "draft" ? t("common:dash") : <PaymentTag of={row.states} />) },
      { key: "fulfilment", title: t("send"), show: (row) => (row.state !== "placed" ? <StateTag of={row.state} /> : row.states.authorisation === "awaiting" ? t("common:dash") : <FulfilmentTag of={row.states} />) },
    ],
    [t, f, totals],
  )
}

/** Orders of the storefront, newest first: what waits to be sent, what was paid, what came back. */
export default function OrdersPage() {
  const { t } = useTranslation(["orders", "common"])
  const f = useFormats()
  const go = useNavigate()
  const [url, setUrl] = useUrl({ q: "", state: "" })
  const [writing, setWriting] = useState(false)
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const state = oneOf(url.state, filters) ?? ""
  const list = useInfiniteQuery(asks.orders({ q: url.q, state }))
  const rows = useMemo(() => rowsOf(list), [list.data])
  const total = list.data?.pages[0]?.total
  const find = useCallback((q: string) => setUrl({ q }, true), [setUrl])
  const filtered = !!(state || url.q)
  const clear = () => setUrl({ q: "", state: "" })
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{t("title")}</h1>
          <p className="lead num" aria-live="polite">
            {total === undefined ? t("lead") : t("total", { count: total, shown: f.compact(total) })}
          </p>
        </div>
        {atLeast(me?.role, "operator") && <Button onClick={() => setWriting(true)}>{t("draft.new")}</Button>}
        {writing && <WriteDraft onClose={() => setWriting(false)} onDone={(made) => void go(`/shop/orders/${encodeURIComponent(made.order_id)}`)} />}
      </div>
      <Sums />
      <div className="tbar">
        <Search label={t("searchLabel")} placeholder={t("search")} value={url.q} onChange={find} width={260} />
        <Segmented
          aria-label={t("filter.label")}
          className="scrollx"
          value={state}
          onChange={(state) => setUrl({ state })}
          options={filters.map((value) => ({ value, label: t(`filter.${value || "all"}`) }))}
        />
        {filtered && (
          <Button type="link" onClick={clear}>
            {t("common:table.clear")}
          </Button>
        )}
      </div>
      <PagedTable
        list={list}
        label={t("title")}
        columns={useColumns(rows)}
        rowKey={(row) => row.order_id}
        rowClass={(row) => (row.state === "cancelled" || row.state === "expired" ? "gone" : "")}
        onOpen={(row) => void go(link(row))}
        empty={<Nothing filtered={filtered} onClear={clear} />}
      />
    </div>
  )
}

/** Placed, paid and net, three figures that are not the same; in the shop's own currency. */
function Sums() {
  const { t } = useTranslation("orders")
  const f = useFormats()
  const figures = useQuery(asks.figures(days)).data
  const mine = figures?.find((one) => one.currency === f.currency) ?? (figures && { placed: 0, placed_minor: 0, paid: 0, paid_minor: 0, refunded_minor: 0, net_minor: 0 })
  const column = f.column([mine?.placed_minor, mine?.paid_minor, mine?.refunded_minor])
  const money = (minor: number | undefined) => (minor === undefined ? undefined : column.money(minor))
  return (
    <section className="sheet pad totals">
      <dl className="sums">
        <Sum name={t("sums.orders", { count: days })} value={mine && f.whole(mine.placed)} />
        <Sum name={t("sums.placed")} value={money(mine?.placed_minor)} />
        <Sum name={t("sums.paid")} value={money(mine?.paid_minor)} />
        <Sum name={t("sums.refunded")} value={money(mine?.refunded_minor)} />
        <Sum name={t("sums.net")} value={money(mine?.net_minor)} />
      </dl>
    </section>
  )
}

function Sum({ name, value }: { name: string; value: string | undefined }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="big num">{value ?? "\u00a0"}</dd>
    </div>
  )
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear(): void }) {
  const { t } = useTranslation(["orders", "common"])
  const go = useNavigate()
  if (filtered) return <Blank title={t("none")} actions={<Button onClick={onClear}>{t("common:table.clear")}</Button>} />
  return (
    <Blank title={t("empty")} actions={<Button onClick={() => void go("/shop/products")}>{t("openShop")}</Button>}>
      {t("emptyWhy")}
    </Blank>
  )
}
