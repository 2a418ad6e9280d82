import { useInfiniteQuery } from "@tanstack/react-query"
import { Select } from "antd"
import { useCallback } from "react"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import type { FileOf } from "../../../lib/queries"
import { Blank } from "../../../parts/blank"
import { Search } from "../../../parts/search"
import { PagedTable, type Column } from "../../../parts/table"
import { TableTools } from "../../../parts/tabletools"
import { asks, type Transaction } from "./asks"
import { OrderLink, useOrder } from "./order"
import { Sum } from "./sum"
import { accounts, useNames } from "./words"

type Props = { account: string; order: string; onFind(patch: { account?: string; order?: string }, replace?: boolean): void }

/** Every movement of money with both sides; nothing is ever changed or taken away. */
export function LedgerTab({ account, order, onFind }: Props) {
  const { t } = useTranslation("payments")
  const names = useNames()
  const order_id = useOrder(order)
  const list = useInfiniteQuery(asks.ledger(account, order_id))
  const find = useCallback((text: string) => onFind({ order: text.trim() }, true), [onFind])
  const options = [{ value: "", label: t("everyAccount") }, ...accounts.map((value) => ({ value: value as string, label: names.account(value) }))]
  const filtered = !!(account || order)
  const file: FileOf = (format) => take(client.GET("/v1/files/ledger", { params: { query: { account, order_id, format } }, parseAs: "blob" }))
  return (
    <>
      <div className="tbar">
        <Search label={t("findOrder")} placeholder={t("findOrder")} value={order} onChange={find} width={240} />
        <Select aria-label={t("col.account")} className="w-state" value={account} onChange={(value) => onFind({ account: value })} options={options} popupMatchSelectWidth={false} />
        <TableTools name="ledger" file={file} call={{ path: "/v1/trade/payments/ledger", query: { account, order_id } }} />
      </div>
      <PagedTable label={t("tab.ledger")} list={list} columns={useColumns()} rowKey={(row) => row.id} empty={<Blank title={t(filtered ? "ledger.none" : "ledger.empty")}>{t(filtered ? "ledger.noneWhy" : "ledger.emptyWhy")}</Blank>} />
    </>
  )
}

function useColumns(): Column<Transaction>[] {
  const { t } = useTranslation("payments")
  const f = useFormats()
  const names = useNames()
  const side = (row: Transaction, debit: boolean) => row.postings.filter((one) => one.amount_minor > 0 === debit).map((one) => names.account(one.account)).join(t("comma"))
  const size = (row: Transaction) => row.postings.reduce((sum, one) => sum + Math.max(one.amount_minor, 0), 0)
  return [
    { key: "at", title: t("col.at"), show: (row) => <span className="num">{f.moment(row.at)}</span> },
    { key: "about", title: t("col.about"), show: (row) => names.about(row.about) },
    { key: "order", title: t("col.order"), wide: true, show: (row) => <OrderLink id={row.order_id} /> },
    { key: "debit", title: t("col.debit"), wide: true, show: (row) => side(row, true) },
    { key: "credit", title: t("col.credit"), wide: true, show: (row) => side(row, false) },
    { key: "amount", title: t("col.amount"), right: true, show: (row) => <Sum minor={size(row)} currency={row.currency} provider={row.provider} /> },
  ]
}
