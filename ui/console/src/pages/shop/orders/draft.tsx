import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { AutoComplete, Button, Form, Input, InputNumber, Modal, Select } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import { sentenceOf } from "../../../parts/trouble"
import { asks, renew, type Order, type OrderDraft } from "./asks"

type Wanted = { sku: string; quantity: number | null }
type Fields = { lines: Wanted[]; recipient: string; phone: string; email?: string; region: string; city: string; district?: string; line: string; option_id?: string; lang: "zh" | "en"; note?: string }

function fieldsOf(order: Order | undefined, lang: "zh" | "en"): Fields {
  const where = order?.where
  return {
    lines: order ? order.lines.map((line) => ({ sku: line.sku, quantity: line.quantity })) : [{ sku: "", quantity: 1 }],
    recipient: where?.recipient ?? "",
    phone: where?.phone ?? "",
    email: order?.contact.email ?? "",
    region: where?.region ?? "",
    city: where?.city ?? "",
    district: where?.district ?? "",
    line: where?.line ?? "",
    option_id: order?.delivery.option_id ?? "",
    lang: order?.lang ?? lang,
    note: order?.note ?? "",
  }
}

function bodyOf(fields: Fields, order: Order | undefined): OrderDraft {
  const units: Record<string, number> = {}
  for (const one of fields.lines) if (one.sku.trim()) units[one.sku.trim()] = (units[one.sku.trim()] ?? 0) + (one.quantity ?? 1)
  const { recipient, phone, region, city, district = "", line } = fields
  return {
    units,
    address: { recipient, phone, country: order?.where?.country ?? "CN", region, city, district, line, postcode: order?.where?.postcode ?? "" },
    phone,
    email: fields.email ?? "",
    option_id: fields.option_id ?? "",
    member_id: order?.member_id ?? null,
    lang: fields.lang,
    note: fields.note ?? "",
  }
}

/** An order that somebody of the shop writes for a buyer. Nothing is held until it is placed. */
export function WriteDraft({ order, onClose, onDone }: { order?: Order; onClose(): void; onDone(order: Order): void }) {
  const { t, i18n } = useTranslation("orders")
  const { notification } = useNotices()
  const queries = useQueryClient()
  const zh = i18n.language === "zh"
  const [form] = Form.useForm<Fields>()
  const rates = useQuery(asks.rates()).data?.rows ?? []
  const save = useMutation({
    mutationFn: (fields: Fields) => {
      const body = bodyOf(fields, order)
      if (!order) return take(client.POST("/v1/trade/orders/drafts", { body }))
      return take(client.PUT("/v1/trade/orders/drafts/{order_id}", { params: { path: { order_id: order.order_id } }, body }))
    },
    onSuccess: (made) => {
      void renew(queries, made.order_id)
      onDone(made)
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const needed = [{ required: true, whitespace: true, message: t("ship.needed") }]
  const ways = rates.filter((one) => one.active).map((one) => ({ value: one.rate_id, label: zh ? one.name.zh : one.name.en }))
  return (
    <Modal open title={t(order ? "draft.change" : "draft.new")} okText={t("draft.save")} okButtonProps={{ loading: save.isPending }} onOk={() => form.submit()} onCancel={onClose} width={640}>
      <p className="soft">{t("draft.means")}</p>
      <Form<Fields> form={form} layout="vertical" requiredMark={false} initialValues={fieldsOf(order, zh ? "zh" : "en")} onFinish={(fields) => save.mutate(fields)}>
        <Form.List name="lines">
          {(rows, { add, remove }) => (
            <fieldset className="draftlines">
              <legend>{t("draft.goods")}</legend>
              {rows.map((row) => (
                <div key={row.key} className="row">
                  <Form.Item name={[row.name, "sku"]} rules={needed} className="grow">
                    <Goods />
                  </Form.Item>
                  <Form.Item name={[row.name, "quantity"]} rules={[{ required: true, message: t("ship.needed") }]}>
                    <InputNumber aria-label={t("lines.quantity")} min={1} max={9_999} precision={0} style={{ width: 84 }} />
                  </Form.Item>
                  <Button type="text" aria-label={t("draft.drop")} disabled={rows.length === 1} onClick={() => remove(row.name)}>
                    ×
                  </Button>
                </div>
              ))}
              <Button size="small" disabled={rows.length >= 100} onClick={() => add({ sku: "", quantity: 1 })}>
                {t("draft.add")}
              </Button>
            </fieldset>
          )}
        </Form.List>
        <div className="draftfields">
          <Form.Item name="recipient" label={t("draft.recipient")} rules={needed}>
            <Input autoComplete="off" maxLength={80} />
          </Form.Item>
          <Form.Item name="phone" label={t("draft.phone")} rules={needed}>
            <Input autoComplete="off" inputMode="tel" maxLength={40} />
          </Form.Item>
          <Form.Item name="region" label={t("draft.region")} rules={needed}>
            <Input autoComplete="off" maxLength={80} />
          </Form.Item>
          <Form.Item name="city" label={t("draft.city")} rules={needed}>
            <Input autoComplete="off" maxLength={80} />
          </Form.Item>
          <Form.Item name="district" label={t("draft.district")}>
            <Input autoComplete="off" maxLength={80} />
          </Form.Item>
          <Form.Item name="email" label={t("draft.email")}>
            <Input autoComplete="off" inputMode="email" maxLength={200} />
          </Form.Item>
          <Form.Item name="line" label={t("draft.line")} rules={needed} className="whole">
            <Input autoComplete="off" maxLength={200} />
          </Form.Item>
          <Form.Item name="option_id" label={t("draft.way")}>
            <Select options={[{ value: "", label: t("draft.usual") }, ...ways]} />
          </Form.Item>
          <Form.Item name="lang" label={t("draft.lang")}>
            <Select options={(["zh", "en"] as const).map((value) => ({ value, label: t(`draft.${value}`) }))} />
          </Form.Item>
          <Form.Item name="note" label={t("draft.note")} className="whole">
            <Input.TextArea rows={2} maxLength={300} />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  )
}

/** A variant by the name of its product or its own number. */
function Goods({ value = "", onChange, id }: { value?: string; onChange?(sku: string): void; id?: string }) {
  const { t, i18n } = useTranslation("orders")
  const zh = i18n.language === "zh"
  const found = useQuery(asks.goods(value)).data?.rows ?? []
  const options = found.flatMap((row) =>
    row.skus.map((sku) => ({
      value: sku,
      label: (
        <span className="skuopt">
          <span>{zh ? row.title.zh : row.title.en}</span> <span className="soft num">{sku}</span>
        </span>
      ),
    })),
  )
  return <AutoComplete id={id} aria-label={t("draft.find")} placeholder={t("draft.find")} value={value} options={options} onChange={(sku: string) => onChange?.(sku)} maxLength={200} popupMatchSelectWidth={320} />
}

/** What can be done with a draft: agreed with its buyer it becomes an order, at the price that stands here. */
export function DraftActs({ order, onGone }: { order: Order; onGone(): void }) {
  const { t } = useTranslation("orders")
  const f = useFormats()
  const { message, notification } = useNotices()
  const queries = useQueryClient()
  const [doing, setDoing] = useState<"change" | "drop" | null>(null)
  const close = () => setDoing(null)
  const trouble = (problem: Error) => notification.error({ title: sentenceOf(problem), duration: 8 })
  const path = { params: { path: { order_id: order.order_id } } }
  const place = useMutation({
    mutationFn: () => take(client.POST("/v1/trade/orders/drafts/{order_id}/place", { ...path, body: { total_minor: order.total_minor, hours: 24 } })),
    onSuccess: () => message.success(t("draft.placed", { number: order.number })),
    onError: trouble,
    onSettled: () => void renew(queries, order.order_id),
  })
  const drop = useMutation({
    mutationFn: () => take(client.DELETE("/v1/trade/orders/drafts/{order_id}", path)),
    onSuccess: () => {
      onGone()
      void queries.invalidateQueries({ queryKey: ["/v1/trade/orders"] })
    },
    onError: trouble,
  })
  return (
    <div className="row memberacts">
      <Button type="primary" loading={place.isPending} onClick={() => place.mutate()}>
        {t("draft.place", { amount: f.money(order.total_minor, { exact: true }) })}
      </Button>
      <Button onClick={() => setDoing("change")}>{t("draft.change")}</Button>
      <Button danger onClick={() => setDoing("drop")}>
        {t("draft.throw")}
      </Button>
      {doing === "change" && <WriteDraft order={order} onClose={close} onDone={close} />}
      {doing === "drop" && (
        <Modal open title={t("draft.sure")} okText={t("draft.throw")} okButtonProps={{ danger: true, loading: drop.isPending }} onOk={() => drop.mutate()} onCancel={close} width={420}>
          <p className="after0">{t("draft.gone")}</p>
        </Modal>
      )}
    </div>
  )
}
