import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Checkbox, Drawer, Form, Input, InputNumber, Select } from "antd"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useNotices } from "../../../lib/notices"
import { Blank } from "../../../parts/blank"
import { Table, type Column } from "../../../parts/table"
import { sentenceOf, Trouble } from "../../../parts/trouble"
import { asks, renew, type Place } from "./asks"
import { useWords } from "./words"

const kinds = ["store", "forward", "central"] as const
type Fields = { key: string; zh: string; en: string; kind: Place["kind"]; sells: boolean; position: number }

/** Places with goods: the shop, forward and central warehouses, and in what order they are emptied. */
export function PlacesDrawer({ open, may, onClose }: { open: boolean; may: boolean; onClose(): void }) {
  const { t } = useTranslation("stock")
  const text = useWords()
  const places = useQuery(asks.places())
  const [form] = Form.useForm<Fields>()
  const edit = (place: Place) => form.setFieldsValue({ key: place.location_id, zh: place.name.zh, en: place.name.en, kind: place.kind, sells: place.sells, position: place.position })
  const columns: Column<Place>[] = [
    { key: "position", title: t("places.position"), right: true, show: (row) => row.position },
    {
      key: "name",
      title: t("places.name"),
      wrap: true,
      show: (row) =>
        may ? (
          <button type="button" className="linklike" onClick={() => edit(row)}>
            {text(row.name)}
          </button>
        ) : (
          text(row.name)
        ),
    },
    { key: "kind", title: t("places.kind"), show: (row) => t(`places.${row.kind}`) },
    { key: "sells", title: t("places.sells"), show: (row) => (row.sells ? t("places.yes") : t("places.no")) },
  ]
  return (
    <Drawer open={open} onClose={onClose} title={t("places.title")} size="large" destroyOnHidden>
      <p className="soft">{t("places.means")}</p>
      {places.error ? (
        <Trouble error={places.error} onRetry={() => void places.refetch()} />
      ) : (
        <section className="sheet placelist">
          <Table label={t("places.title")} columns={columns} rows={places.data} rowKey={(row) => row.location_id} empty={<Blank title={t("places.empty")}>{t("places.none")}</Blank>} />
        </section>
      )}
      {may && <PlaceForm form={form} next={(places.data?.at(-1)?.position ?? 0) + 1} />}
    </Drawer>
  )
}

function PlaceForm({ form, next }: { form: ReturnType<typeof Form.useForm<Fields>>[0]; next: number }) {
  const { t } = useTranslation(["stock", "common"])
  const { notification } = useNotices()
  const queries = useQueryClient()
  const keep = useMutation({
    mutationFn: ({ key, zh, en, kind, sells, position }: Fields) =>
      take(client.PUT("/v1/trade/stock/locations/{location_id}", { params: { path: { location_id: key } }, body: { name: { zh, en }, kind, sells, position: position ?? next } })),
    onSuccess: () => {
      form.resetFields()
      void renew(queries)
    },
    onError: (problem) => void notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const needed = [{ required: true, message: t("needed") }]
  return (
    <section className="sheet pad">
      <h2>{t("places.put")}</h2>
      <Form<Fields> form={form} layout="vertical" requiredMark={false} initialValues={{ kind: "store", sells: true }} onFinish={(fields) => keep.mutate(fields)}>
        <div className="placefields">
          <Form.Item name="key" label={t("places.key")} extra={t("places.keyHint")} rules={[...needed, { pattern: /^[a-z0-9][a-z0-9_-]*$/, message: t("places.keyHint") }]}>
            <Input autoComplete="off" maxLength={40} />
          </Form.Item>
          <Form.Item name="kind" label={t("places.kind")}>
            <Select options={kinds.map((value) => ({ value, label: t(`places.${value}`) }))} />
          </Form.Item>
          <Form.Item name="zh" label={t("places.zh")} rules={needed}>
            <Input autoComplete="off" maxLength={60} />
          </Form.Item>
          <Form.Item name="en" label={t("places.en")} rules={needed}>
            <Input autoComplete="off" maxLength={60} />
          </Form.Item>
          <Form.Item name="position" label={t("places.position")} extra={t("places.positionHint")}>
            <InputNumber min={0} max={10_000} placeholder={String(next)} />
          </Form.Item>
          <Form.Item name="sells" valuePropName="checked" label={t("places.sells")}>
            <Checkbox>{t("places.sellsHint")}</Checkbox>
          </Form.Item>
        </div>
        <Button htmlType="submit" type="primary" loading={keep.isPending}>
          {t("places.keep")}
        </Button>
      </Form>
    </section>
  )
}
