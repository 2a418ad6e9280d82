import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Form, Input, InputNumber, Modal, Select } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import { sentenceOf } from "../../../parts/trouble"
import { asks, renew, type Order } from "./asks"

type Fields = { carrier: string; tracking_number: string; location_id?: string }

/** What can leave now: goods that are in stock; only where there are none, those that were promised. */
function here(open: Order["lines"]) {
  const stocked = open.some((line) => line.supply === "stock")
  return Object.fromEntries(open.map((line) => [line.line_no, !stocked || line.supply === "stock" ? line.still_open : 0]))
}

/** A parcel leaves: how many units of each line are in it, by which carrier, under which number. */
export function Ship({ order, onClose }: { order: Order; onClose(): void }) {
  const { t, i18n } = useTranslation("orders")
  const f = useFormats()
  const { message, notification } = useNotices()
  const queries = useQueryClient()
  const zh = i18n.language === "zh"
  const [form] = Form.useForm<Fields>()
  const carriers = useQuery(asks.carriers()).data?.rows ?? []
  const places = useQuery(asks.places()).data?.rows ?? []
  const open = order.lines.filter((line) => line.still_open > 0)
  const [units, setUnits] = useState<Record<number, number>>(() => here(open))
  const promised = open.some((line) => line.supply !== "stock" && (units[line.line_no] ?? 0) > 0)
  const chosen = Object.fromEntries(Object.entries(units).filter(([, quantity]) => quantity > 0))
  const ship = useMutation({
    mutationFn: (fields: Fields) =>
      take(client.POST("/v1/trade/orders/{order_id}/ship", { params: { path: { order_id: order.order_id } }, body: { carrier: fields.carrier, tracking_number: fields.tracking_number, location_id: fields.location_id ?? "", units: chosen } })),
    onSuccess: () => {
      message.success(t("ship.done", { number: order.parcels.length + 1 }))
      onClose()
      void renew(queries, order.order_id)
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const needed = [{ required: true, message: t("ship.needed") }]
  const nothing = Object.keys(chosen).length === 0
  return (
    <Modal open title={t("ship.title")} okText={t("ship.go")} okButtonProps={{ loading: ship.isPending, disabled: nothing || !carriers.length }} onOk={() => form.submit()} onCancel={onClose} width={560}>
      <p className="soft">{t("ship.means")}</p>
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
                value={units[line.line_no]}
                onChange={(quantity) => setUnits({ ...units, [line.line_no]: quantity ?? 0 })}
                style={{ width: 76 }}
              />{" "}
              {t("ship.of", { open: f.whole(line.still_open) })}
            </span>
          </li>
        ))}
      </ul>
      {nothing && <p className="bad small">{t("ship.nothing")}</p>}
      <Form<Fields> key={carriers.length} form={form} layout="vertical" requiredMark={false} initialValues={{ carrier: carriers[0]?.carrier, tracking_number: "" }} onFinish={(fields) => ship.mutate(fields)}>
        <Form.Item name="carrier" label={t("ship.carrier")} rules={needed}>
          <Select options={carriers.map((one) => ({ value: one.carrier, label: zh ? one.name.zh : one.name.en }))} />
        </Form.Item>
        <Form.Item name="tracking_number" label={t("ship.tracking")} rules={needed}>
          <Input autoComplete="off" maxLength={60} />
        </Form.Item>
        {promised && (
          <Form.Item name="location_id" label={t("ship.place")} extra={t("ship.placeHint")} rules={needed}>
            <Select options={places.map((one) => ({ value: one.location_id, label: zh ? one.name.zh : one.name.en }))} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  )
}
