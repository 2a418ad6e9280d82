import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Button, Input, InputNumber, Modal } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { atLeast, client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import type { Role } from "../../../lib/shapes"
import { sentenceOf } from "../../../parts/trouble"
import { renew, type Order } from "./asks"
import { Reduce } from "./reduce"
import { Ship } from "./ship"

type Doing = "ship" | "cancel" | "reduce" | "refund" | null

/** What can be done with an order now; every act is told with what it means before it is done. */
export function Acts({ order, role }: { order: Order; role: Role | undefined }) {
  const { t } = useTranslation("orders")
  const [doing, setDoing] = useState<Doing>(null)
  if (!atLeast(role, "operator")) return null
  const left = order.money.charged_minor - order.money.refunded_minor - order.money.refunding_minor
  const may = {
    ship: order.states.can_ship,
    cancel: order.states.can_cancel,
    reduce: order.states.can_reduce,
    refund: left > 0 && atLeast(role, "approver"),
  }
  if (!may.ship && !may.cancel && !may.refund && !may.reduce) return null
  const close = () => setDoing(null)
  return (
    <div className="row memberacts">
      {may.ship && (
        <Button type="primary" onClick={() => setDoing("ship")}>
          {t("ship.title")}
        </Button>
      )}
      {may.refund && <Button onClick={() => setDoing("refund")}>{t("refund.title")}</Button>}
      {may.reduce && <Button onClick={() => setDoing("reduce")}>{t("reduce.title")}</Button>}
      {may.cancel && <Button onClick={() => setDoing("cancel")}>{t("cancel.title")}</Button>}
      {doing === "ship" && <Ship order={order} onClose={close} />}
      {doing === "cancel" && <Cancel order={order} left={left} onClose={close} />}
      {doing === "reduce" && <Reduce order={order} left={left} onClose={close} />}
      {doing === "refund" && <Refund order={order} left={left} onClose={close} />}
    </div>
  )
}

type Props = { order: Order; left: number; onClose(): void }

function Cancel({ order, left, onClose }: Props) {
  const { t } = useTranslation("orders")
  const f = useFormats()
  const { message, notification } = useNotices()
  const queries = useQueryClient()
  const [why, setWhy] = useState("")
  const cancel = useMutation({
    mutationFn: () => take(client.POST("/v1/trade/orders/{order_id}/cancel", { params: { path: { order_id: order.order_id } }, body: { why } })),
    onSuccess: () => message.success(t("cancel.done", { number: order.number })),
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
    onSettled: () => {
      onClose()
      void renew(queries, order.order_id)
    },
  })
  return (
    <Modal open title={t("cancel.sure", { number: order.number })} okText={t("cancel.title")} okButtonProps={{ danger: true, loading: cancel.isPending, disabled: !why.trim() }} onOk={() => cancel.mutate()} onCancel={onClose} width={460}>
      <p>{left > 0 ? t("cancel.meansPaid", { amount: f.money(left, { exact: true }) }) : t("cancel.means")}</p>
      <Input.TextArea rows={2} maxLength={200} value={why} onChange={(event) => setWhy(event.target.value)} aria-label={t("cancel.why")} placeholder={t("cancel.why")} />
    </Modal>
  )
}

function Refund({ order, left, onClose }: Props) {
  const { t } = useTranslation("orders")
  const f = useFormats()
  const { message, notification } = useNotices()
  const queries = useQueryClient()
  const [amount, setAmount] = useState<number | null>(left / f.unit)
  const [why, setWhy] = useState("")
  // The same key for every try of this one form: pressed twice it is one refund.
  const [key] = useState(() => crypto.randomUUID())
  const amount_minor = Math.round((amount ?? 0) * f.unit)
  const refund = useMutation({
    mutationFn: () => take(client.POST("/v1/trade/orders/{order_id}/refund", { params: { path: { order_id: order.order_id } }, body: { amount_minor, why, key } })),
    onSuccess: () => {
      message.success(t("refund.done", { amount: f.money(amount_minor, { exact: true }) }))
      onClose()
      void renew(queries, order.order_id)
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const wrong = !why.trim() || amount_minor <= 0 || amount_minor > left
  return (
    <Modal open title={t("refund.title")} okText={t("refund.title")} okButtonProps={{ danger: true, loading: refund.isPending, disabled: wrong }} onOk={() => refund.mutate()} onCancel={onClose} width={460}>
      <div className="stack">
        <p>{t("refund.means", { most: f.money(left, { exact: true }) })}</p>
        <InputNumber aria-label={t("refund.amount")} min={0} max={left / f.unit} step={1 / f.unit} precision={Math.round(Math.log10(f.unit))} value={amount} onChange={setAmount} style={{ width: 200 }} />
        <Input.TextArea rows={2} maxLength={200} value={why} onChange={(event) => setWhy(event.target.value)} aria-label={t("refund.why")} placeholder={t("refund.why")} />
      </div>
    </Modal>
  )
}
