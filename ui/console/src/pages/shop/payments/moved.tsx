import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query"
import { Button, Modal, Segmented, Select } from "antd"
import { useCallback, useState, type ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import { oneOf } from "../../../lib/url"
import { Blank } from "../../../parts/blank"
import { Search } from "../../../parts/search"
import { PagedTable, type Column } from "../../../parts/table"
import { sentenceOf } from "../../../parts/trouble"
import { asks, renew, type Charge, type Intent, type Notice, type Refund } from "./asks"
import { OrderLink, useOrder } from "./order"
import { Sum } from "./sum"
import { useMoney, useNames, useWhy, verdicts } from "./words"

type Props = { show: string; onShow(value: string): void; may?: boolean }

const bad = new Set(["forged", "unreadable", "failed"])
const odd = new Set(["late", "second", "wrong_amount", "unknown", "parked", "waiting", "asked", "open"])
const State = ({ of, children }: { of: string; children: ReactNode }) => <span className={`paystate ${bad.has(of) ? "is-bad" : odd.has(of) ? "is-odd" : ""}`}>{children}</span>

function useAct<T>(call: (row: T) => Promise<unknown>, done: string) {
  const { message, notification } = useNotices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: call,
    onSuccess: () => {
      void message.success(done)
      void renew(queries)
    },
    onError: (problem) => void notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
}

/** Money that came in; what fits no order can be sent back. */
export function ReceivedTab({ show, onShow, may }: Props) {
  const { t } = useTranslation(["payments", "common"])
  const f = useFormats()
  const money = useMoney()
  const names = useNames()
  const standing = oneOf(show, ["order", "parked"] as const) ?? ""
  const list = useInfiniteQuery(asks.charges(standing))
  const [doomed, setDoomed] = useState<Charge | null>(null)
  const back = useAct((row: Charge) => take(client.POST("/v1/trade/payments/charges/{charge_id}/return", { params: { path: { charge_id: row.id } } })), t("received.sent"))
  const columns: Column<Charge>[] = [
    { key: "at", title: t("col.at"), wrap: true, show: (row) => <span className="num">{f.moment(row.charged_at)}</span> },
    { key: "order", title: t("col.order"), show: (row) => <OrderLink id={row.order_id} /> },
    { key: "provider", title: t("col.provider"), wide: true, show: (row) => names.provider(row.provider) },
    { key: "standing", title: t("col.standing"), wide: true, show: (row) => <State of={row.standing}>{row.standing === "order" ? t("received.order") : names.about(row.why)}</State> },
    { key: "amount", title: t("col.amount"), right: true, show: (row) => <Sum minor={row.amount_minor} currency={row.currency} provider={row.provider} /> },
    { key: "back", title: t("col.back"), right: true, wide: true, show: (row) => (row.refunded_minor + row.refunding_minor ? money(row.refunded_minor + row.refunding_minor, row.currency) : t("none")) },
  ]
  const act: Column<Charge> = {
    key: "act",
    title: "",
    right: true,
    show: (row) =>
      row.standing === "parked" && row.left_minor > 0 ? (
        <Button size="small" onClick={() => setDoomed(row)}>
          {t("received.back")}
        </Button>
      ) : null,
  }
  return (
    <>
      <div className="tbar">
        <Segmented aria-label={t("col.standing")} value={standing} onChange={onShow} options={[{ value: "", label: t("all") }, { value: "order", label: t("received.order") }, { value: "parked", label: t("received.parked") }]} />
      </div>
      <PagedTable label={t("tab.received")} list={list} columns={may ? [...columns, act] : columns} rowKey={(row) => row.id} empty={<Blank title={t("received.none")}>{t(standing === "parked" ? "received.parkedWhy" : "received.why")}</Blank>} />
      <Modal
        open={!!doomed}
        title={doomed ? t("received.sure", { amount: money(doomed.left_minor, doomed.currency) }) : ""}
        okText={t("received.back")}
        okButtonProps={{ loading: back.isPending }}
        onOk={() => doomed && back.mutate(doomed, { onSettled: () => setDoomed(null) })}
        onCancel={() => setDoomed(null)}
        width={440}
      >
        <p>{t("received.means")}</p>
      </Modal>
    </>
  )
}

/** Money on its way back and there. */
export function RefundsTab({ show, onShow, may }: Props) {
  const { t } = useTranslation("payments")
  const f = useFormats()
  const states = ["waiting", "asked", "done", "failed"] as const
  const state = oneOf(show, states) ?? ""
  const list = useInfiniteQuery(asks.refunds(state))
  const again = useAct((row: Refund) => take(client.POST("/v1/trade/payments/refunds/{refund_id}/again", { params: { path: { refund_id: row.id } } })), t("refund.sent"))
  const columns: Column<Refund>[] = [
    { key: "at", title: t("col.at"), wrap: true, show: (row) => <span className="num">{f.moment(row.requested_at)}</span> },
    { key: "order", title: t("col.order"), show: (row) => <OrderLink id={row.order_id} /> },
    { key: "why", title: t("col.why"), wide: true, wrap: true, show: (row) => row.error || row.reason },
    { key: "state", title: t("col.state"), show: (row) => <State of={row.state}>{t(`refund.${row.state}`)}</State> },
    { key: "there", title: t("col.there"), wide: true, right: true, show: (row) => (row.settled_at ? f.moment(row.settled_at) : t("none")) },
    { key: "amount", title: t("col.amount"), right: true, show: (row) => <Sum minor={row.amount_minor} currency={row.currency} provider={row.provider} /> },
  ]
  const act: Column<Refund> = {
    key: "act",
    title: "",
    right: true,
    show: (row) =>
      row.state === "failed" ? (
        <Button size="small" loading={again.isPending} onClick={() => again.mutate(row)}>
          {t("refund.again")}
        </Button>
      ) : null,
  }
  return (
    <>
      <div className="tbar">
        <Choice label={t("col.state")} value={state} onShow={onShow} options={states.map((value) => [value, t(`refund.${value}`)])} />
      </div>
      <PagedTable label={t("tab.refunds")} list={list} columns={may ? [...columns, act] : columns} rowKey={(row) => row.id} empty={<Blank title={t("refund.none")}>{t("refund.why")}</Blank>} />
    </>
  )
}

type Asked = Props & { order: string; onOrder(order: string): void }

/** What buyers were asked to pay; a buyer says they paid, and the provider can be asked at once. */
export function IntentsTab({ show, onShow, order, onOrder, may }: Asked) {
  const { t } = useTranslation("payments")
  const f = useFormats()
  const names = useNames()
  const states = ["open", "charged", "failed", "cancelled"] as const
  const state = oneOf(show, states) ?? ""
  const list = useInfiniteQuery(asks.intents(state, useOrder(order)))
  const query = useAct((row: Intent) => take(client.POST("/v1/trade/payments/intents/{intent_id}/ask", { params: { path: { intent_id: row.id } } })), t("intent.asking"))
  const find = useCallback((text: string) => onOrder(text.trim()), [onOrder])
  const columns: Column<Intent>[] = [
    { key: "at", title: t("col.at"), wrap: true, show: (row) => <span className="num">{f.moment(row.created_at)}</span> },
    { key: "order", title: t("col.order"), show: (row) => <OrderLink id={row.order_id} /> },
    { key: "provider", title: t("col.provider"), wide: true, show: (row) => names.provider(row.provider) },
    { key: "state", title: t("col.state"), show: (row) => <State of={row.state}>{t(`intent.${row.state}`)}</State> },
    { key: "until", title: t("col.until"), wide: true, right: true, show: (row) => f.moment(row.expires_at) },
    { key: "amount", title: t("col.amount"), right: true, show: (row) => <Sum minor={row.amount_minor} currency={row.currency} provider={row.provider} /> },
  ]
  const act: Column<Intent> = {
    key: "act",
    title: "",
    right: true,
    show: (row) =>
      row.state !== "charged" && row.shown_at ? (
        <Button size="small" title={t("intent.askMeans")} loading={query.isPending && query.variables === row} onClick={() => query.mutate(row)}>
          {t("intent.ask")}
        </Button>
      ) : null,
  }
  return (
    <>
      <div className="tbar">
        <Search label={t("findOrder")} placeholder={t("findOrder")} value={order} onChange={find} width={240} />
        <Choice label={t("col.state")} value={state} onShow={onShow} options={states.map((value) => [value, t(`intent.${value}`)])} />
      </div>
      <PagedTable label={t("tab.intents")} list={list} columns={may ? [...columns, act] : columns} rowKey={(row) => row.id} empty={<Blank title={t("intent.none")}>{t("intent.why")}</Blank>} />
    </>
  )
}

/** What providers said and what became of it, forged notices too. */
export function NoticesTab({ show, onShow }: Props) {
  const { t } = useTranslation("payments")
  const f = useFormats()
  const names = useNames()
  const verdict = oneOf(show, verdicts) ?? ""
  const why = useWhy()
  const list = useInfiniteQuery(asks.notices(verdict))
  const kinds = ["charged", "failed", "refunded", "refund_failed", "other"] as const
  const kind = (row: Notice) => {
    const known = oneOf(row.kind, kinds)
    return known ? t(`kind.${known}`) : t("none")
  }
  const columns: Column<Notice>[] = [
    { key: "at", title: t("col.at"), wrap: true, show: (row) => <span className="num">{f.moment(row.received_at)}</span> },
    { key: "provider", title: t("col.provider"), wide: true, show: (row) => (row.via === "asked" ? t("asked", { provider: names.provider(row.provider) }) : names.provider(row.provider)) },
    { key: "kind", title: t("col.kind"), show: kind },
    { key: "verdict", title: t("col.verdict"), show: (row) => <State of={row.verdict}>{t(`verdict.${row.verdict}`)}</State> },
    { key: "about", title: t("col.why"), wide: true, wrap: true, show: (row) => why(row.about) ?? <span lang="en">{row.about}</span> },
    { key: "order", title: t("col.order"), wide: true, show: (row) => <OrderLink id={row.order_id} /> },
    { key: "amount", title: t("col.amount"), right: true, show: (row) => <Sum minor={row.amount_minor} currency={row.currency} provider={row.provider} /> },
  ]
  return (
    <>
      <div className="tbar">
        <Choice label={t("col.verdict")} value={verdict} onShow={onShow} options={verdicts.map((value) => [value, t(`verdict.${value}`)])} />
      </div>
      <PagedTable label={t("tab.notices")} list={list} columns={columns} rowKey={(row) => row.id} empty={<Blank title={t("notice.none")}>{t("notice.why")}</Blank>} />
    </>
  )
}

function Choice({ label, value, onShow, options }: { label: string; value: string; onShow(value: string): void; options: readonly (readonly [string, string])[] }) {
  const { t } = useTranslation("payments")
  return (
      <Select aria-label={label} className="w-state" value={value} onChange={onShow} popupMatchSelectWidth={false} options={[{ value: "", label: t("all") }, ...options.map(([key, words]) => ({ value: key, label: words }))]} />
  )
}
