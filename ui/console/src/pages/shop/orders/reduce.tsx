import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Input, InputNumber, Modal } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import { sentenceOf } from "../../../parts/trouble"
import { renew, type Line, type Order } from "./asks"

/** What the first units of a line come to; the first ones bear what does not divide. */
function ofFirst(line: Line, units: number) {
  const each = Math.floor(line.total_minor / line.quantity)
  return each * units + Math.min(units, line.total_minor - each * line.quantity)
}

/** Units that are not wanted any more leave the order before they are sent. */
export function Reduce({ order, left, onClose }: { order: Order; left: number; onClose(): void }) {
  const { t, i18n } = useTranslation("orders")
  const f = useFormats()
  const { message, notification } = useNotices()
  const queries = useQueryClient()
  const zh = i18n.language === "zh"
  const open = order.lines.filter((line) => line.still_open > 0)
  const [units, setUnits] = useState<Record<number, number>>({})
  const [why, setWhy] = useState("")
  // The same key for every try of this one form: pressed twice, the units leave once.
  const [key] = useState(() => crypto.randomUUID())
  const chosen = Object.fromEntries(Object.entries(units).filter(([, quantity]) => quantity > 0))
  const count = Object.values(chosen).reduce((sum, one) => sum + one, 0)
  const whole = count === open.reduce((sum, line) => sum + line.still_open, 0) && order.states.can_cancel
  const worth = open.reduce((sum, line) => sum + ofFirst(line, line.returned + (units[line.line_no] ?? 0)) - ofFirst(line, line.returned), 0)
  const back = whole ? left : Math.min(worth, left)
  const reduce = useMutation({
    mutationFn: () => take(client.POST("/v1/trade/orders/{order_id}/reduce", { params: { path: { order_id: order.order_id } }, body: { units: chosen, why, key } })),
    onSuccess: () => {
      message.success(t("reduce.done", { count, amount: f.money(back, { exact: true }) }))
      onClose()
      void renew(queries, order.order_id)
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  return (
    <Modal open title={t("reduce.title")} okText={t("reduce.go")} cancelText={t("reduce.keep")} okButtonProps={{ danger: true, loading: reduce.isPending, disabled: !count || !why.trim() }} onOk={() => reduce.mutate()} onCancel={onClose} width={560}>
      <p className="soft">{t("reduce.means")}</p>
      <ul className="book">
        {open.map((line) => (
          <li key={line.line_no} className="toship">
            <span>
              {zh ? line.title.zh : line.title.en} <span className="soft">{line.options.map((one) => (zh ? one.zh : one.en)).join(" ")}</span>
              <span className="block soft small num">{line.sku}</span>
            </span>
            <span className="num">
              <InputNumber
                aria-label={`${zh ? line.title.zh : line.title.en} ${line.sku}`}
                min={0}
                max={line.still_open}
                precision={0}
                value={units[line.line_no] ?? 0}
                onChange={(quantity) => setUnits({ ...units, [line.line_no]: quantity ?? 0 })}
                style={{ width: 76 }}
              />{" "}
              {t("ship.of", { open: f.whole(line.still_open) })}
            </span>
          </li>
        ))}
      </ul>
      <div className="stack">
        <Input.TextArea rows={2} maxLength={200} value={why} onChange={(event) => setWhy(event.target.value)} aria-label={t("cancel.why")} placeholder={t("cancel.why")} />
        <p className="after0" aria-live="polite">
          {count === 0 ? "\u00a0" : t(whole ? "reduce.whole" : "reduce.back", { amount: f.money(back, { exact: true }) })}
        </p>
      </div>
    </Modal>
  )
}
