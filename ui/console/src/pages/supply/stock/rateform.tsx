import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Checkbox, Form, Input, InputNumber, Modal, Select } from "antd"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import { sentenceOf } from "../../../parts/trouble"
import type { Rate, Zone } from "./asks"
import { usePlaceChoices } from "./choices"
import { useWords } from "./words"

const ways = ["standard", "express", "greener", "pickup"] as const
const colds = ["none", "chilled", "frozen"] as const
const KEY = /^[a-z0-9][a-z0-9_-]*$/

type RateFields = {
  rate_id: string
  zone_id: string
  kind: Rate["kind"]
  zh: string
  en: string
  base: number
  first: number
  perKg: number
  freeFrom: number | null
  days_min: number
  days_max: number
  cold_chains: Rate["cold_chains"]
  co2e_g: number | null
  source_zh: string
  source_en: string
  location_id: string | null
  active: boolean
}

/** A rate as people write it: money in whole units, weight in kilograms. */
function written(rate: Rate | null, zones: Zone[], unit: number): Partial<RateFields> {
  if (!rate) return { zone_id: zones[0]?.zone_id, kind: "standard", first: 1, perKg: 0, freeFrom: null, days_min: 2, days_max: 4, cold_chains: ["none"], co2e_g: null, active: true }
  return {
    ...rate,
    zh: rate.name.zh,
    en: rate.name.en,
    base: rate.base_minor / unit,
    first: (rate.first_g ?? 0) / 1000,
    perKg: (rate.per_kg_minor ?? 0) / unit,
    freeFrom: rate.free_from_minor === null || rate.free_from_minor === undefined ? null : rate.free_from_minor / unit,
    source_zh: rate.co2e_source?.zh ?? "",
    source_en: rate.co2e_source?.en ?? "",
    location_id: rate.location_id ?? null,
    co2e_g: rate.co2e_g ?? null,
  }
}

function kept(fields: RateFields, old: Rate | null, currency: string, unit: number): Rate {
  const minor = (value: number | null | undefined) => Math.round((value ?? 0) * unit)
  const stated = fields.co2e_g !== null && fields.co2e_g !== undefined
  return {
    rate_id: fields.rate_id,
    zone_id: fields.zone_id,
    kind: fields.kind,
    name: { zh: fields.zh, en: fields.en },
    currency: old?.currency ?? currency,
    base_minor: minor(fields.base),
    first_g: Math.round((fields.first ?? 0) * 1000),
    per_kg_minor: minor(fields.perKg),
    free_from_minor: fields.freeFrom === null || fields.freeFrom === undefined ? null : minor(fields.freeFrom),
    days_min: fields.days_min,
    days_max: fields.days_max,
    cold_chains: fields.cold_chains,
    volume_per_kg_ml: old?.volume_per_kg_ml ?? 6000,
    co2e_g: stated ? fields.co2e_g : null,
    co2e_source: stated ? { zh: fields.source_zh ?? "", en: fields.source_en ?? "" } : null,
    location_id: fields.kind === "pickup" ? (fields.location_id ?? null) : null,
    active: fields.active,
  }
}

export function RateForm({ rate, zones, onClose }: { rate: Rate | null; zones: Zone[]; onClose(): void }) {
  const { t } = useTranslation(["stock", "common"])
  const f = useFormats()
  const text = useWords()
  const places = usePlaceChoices()
  const [form] = Form.useForm<RateFields>()
  const kind = Form.useWatch("kind", form)
  const grams = Form.useWatch("co2e_g", form)
  const put = usePut((fields: RateFields) => take(client.PUT("/v1/trade/delivery/rates", { body: { rows: [kept(fields, rate, f.currency, f.unit)] } })), onClose)
  const needed = [{ required: true, message: t("needed") }]
  const money = { min: 0, precision: Math.log10(f.unit), addonAfter: f.currency }
  return (
    <Modal open title={t(rate ? "rate.title" : "rate.new")} okText={t("common:act.save")} okButtonProps={{ loading: put.isPending }} onOk={() => form.submit()} onCancel={onClose} width={640} mask={{ closable: false }}>
      <Form<RateFields> form={form} layout="vertical" requiredMark={false} initialValues={written(rate, zones, f.unit)} onFinish={(fields) => put.mutate(fields)}>
        <div className="placefields">
          <Form.Item name="rate_id" label={t("places.key")} rules={[...needed, { pattern: KEY, message: t("places.keyHint") }]}>
            <Input disabled={!!rate} maxLength={60} autoComplete="off" />
          </Form.Item>
          <Form.Item name="kind" label={t("rate.kind")}>
            <Select options={ways.map((value) => ({ value, label: t(`way.${value}`) }))} />
          </Form.Item>
          <Form.Item name="zh" label={t("places.zh")} rules={needed}>
            <Input maxLength={60} autoComplete="off" />
          </Form.Item>
          <Form.Item name="en" label={t("places.en")} rules={needed}>
            <Input maxLength={60} autoComplete="off" />
          </Form.Item>
          <Form.Item name="zone_id" label={t("zone.label")} rules={needed}>
            <Select options={zones.map((zone) => ({ value: zone.zone_id, label: text(zone.name) }))} />
          </Form.Item>
          <Form.Item name="cold_chains" label={t("rate.cold")} rules={needed}>
            <Select mode="multiple" options={colds.map((value) => ({ value, label: t(`cold.${value}`) }))} />
          </Form.Item>
          <Form.Item name="base" label={t("rate.base")} rules={needed}>
            <InputNumber {...money} />
          </Form.Item>
          <Form.Item name="first" label={t("rate.first")}>
            <InputNumber min={0} step={0.5} addonAfter="kg" />
          </Form.Item>
          <Form.Item name="perKg" label={t("rate.perKg")}>
            <InputNumber {...money} />
          </Form.Item>
          <Form.Item name="freeFrom" label={t("rate.freeFrom")} extra={t("rate.neverFree")}>
            <InputNumber {...money} />
          </Form.Item>
          <Form.Item name="days_min" label={t("rate.daysMin")} rules={needed}>
            <InputNumber min={0} max={365} precision={0} />
          </Form.Item>
          <Form.Item name="days_max" label={t("rate.daysMax")} rules={needed}>
            <InputNumber min={0} max={365} precision={0} />
          </Form.Item>
          <Form.Item name="co2e_g" label={t("rate.co2eGrams")} extra={t("rate.co2eHint")}>
            <InputNumber min={0} precision={0} addonAfter="g" />
          </Form.Item>
          {grams !== null && grams !== undefined && (
            <>
              <Form.Item name="source_zh" label={t("rate.sourceZh")} rules={needed}>
                <Input maxLength={200} />
              </Form.Item>
              <Form.Item name="source_en" label={t("rate.sourceEn")} rules={needed}>
                <Input maxLength={200} />
              </Form.Item>
            </>
          )}
          {kind === "pickup" && (
            <Form.Item name="location_id" label={t("rate.pickupAt")} rules={needed}>
              <Select options={places} />
            </Form.Item>
          )}
          <Form.Item name="active" valuePropName="checked" label={t("rate.active")}>
            <Checkbox>{t("rate.activeHint")}</Checkbox>
          </Form.Item>
        </div>
      </Form>
    </Modal>
  )
}

type ZoneFields = { zone_id: string; zh: string; en: string; country: string; regions: string[] }

export function ZoneForm({ zone, onClose }: { zone: Zone | null; onClose(): void }) {
  const { t } = useTranslation(["stock", "common"])
  const [form] = Form.useForm<ZoneFields>()
  const put = usePut(
    ({ zone_id, zh, en, country, regions }: ZoneFields) => take(client.PUT("/v1/trade/delivery/zones", { body: { rows: [{ zone_id, name: { zh, en }, country, regions: regions ?? [] }] } })),
    onClose,
  )
  const start: Partial<ZoneFields> = zone ? { zone_id: zone.zone_id, zh: zone.name.zh, en: zone.name.en, country: zone.country, regions: zone.regions } : { country: "CN", regions: [] }
  const needed = [{ required: true, message: t("needed") }]
  return (
    <Modal open title={t(zone ? "zone.change" : "zone.new")} okText={t("common:act.save")} okButtonProps={{ loading: put.isPending }} onOk={() => form.submit()} onCancel={onClose} width={560} mask={{ closable: false }}>
      <Form<ZoneFields> form={form} layout="vertical" requiredMark={false} initialValues={start} onFinish={(fields) => put.mutate(fields)}>
        <div className="placefields">
          <Form.Item name="zone_id" label={t("places.key")} rules={[...needed, { pattern: KEY, message: t("places.keyHint") }]}>
            <Input disabled={!!zone} maxLength={60} autoComplete="off" />
          </Form.Item>
          <Form.Item name="country" label={t("zone.country")} rules={[...needed, { pattern: /^[A-Z]{2}$/, message: t("zone.countryHint") }]}>
            <Input maxLength={2} autoComplete="off" />
          </Form.Item>
          <Form.Item name="zh" label={t("places.zh")} rules={needed}>
            <Input maxLength={60} autoComplete="off" />
          </Form.Item>
          <Form.Item name="en" label={t("places.en")} rules={needed}>
            <Input maxLength={60} autoComplete="off" />
          </Form.Item>
        </div>
        <Form.Item name="regions" label={t("zone.regions")} extra={t("zone.regionsHint")}>
          <Select mode="tags" tokenSeparators={["\uff0c", ",", "\u3001", " "]} open={false} suffixIcon={null} />
        </Form.Item>
      </Form>
    </Modal>
  )
}

function usePut<F>(put: (fields: F) => Promise<unknown>, onDone: () => void) {
  const { notification } = useNotices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: put,
    onSuccess: () => {
      void queries.invalidateQueries({ predicate: (query) => String(query.queryKey[0]).startsWith("/v1/trade/delivery") })
      onDone()
    },
    onError: (problem) => void notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
}
