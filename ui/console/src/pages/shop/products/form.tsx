import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Form, Input, Select } from "antd"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useNotices } from "../../../lib/notices"
import { sentenceOf } from "../../../parts/trouble"
import { asks, renew, taxes, type Body, type Product } from "./asks"
import { AttributeFields } from "./attributes"
import { Pictures } from "./pictures"
import { VariantFields } from "./variants"
import { categoryOptions, useBoth } from "./words"

export type Fields = Omit<Body, "version"> & { product_id: string }
type Props = { one: Product | undefined; may: boolean; onDone(id: string): void }

const nothing = { zh: "", en: "" }
const fresh: Fields = {
  product_id: "",
  title: nothing,
  summary: nothing,
  about: nothing,
  seller_id: "shop",
  category_id: null,
  brand: "",
  tax_class: "standard",
  state: "draft",
  options: [],
  attributes: [],
  media: [],
  variants: [{ sku: "", choices: [], supply: "stock", cold_chain: "none", active: true, weight_g: 0, volume_ml: 0, lead_days: 0, image: "" }],
  sample: false,
}

function start(one: Product | undefined): Fields {
  if (!one) return fresh
  const { version: _v, imported: _i, from_minor: _f, created_at: _c, changed_at: _h, ...told } = one
  return told
}

/** What the server is told of a product: prices that nobody touched are left out, empty moments are none. */
function bodyOf({ product_id: _id, ...typed }: Fields, one: Product | undefined): Body {
  const options = typed.options ?? []
  const known = new Map(one?.variants.map((variant) => [variant.sku, variant]))
  const variants = typed.variants.map(({ unit_minor, compare_at_minor, ...variant }) => {
    const before = known.get(variant.sku)
    const touched = (before?.unit_minor ?? null) !== (unit_minor || null) || (before?.compare_at_minor ?? null) !== (compare_at_minor || null)
    return {
      ...variant,
      choices: options.map((_, n) => variant.choices?.[n] ?? nothing),
      ships_on: (variant.supply === "presale" && variant.ships_on) || null,
      ...(touched ? { unit_minor: unit_minor || null, compare_at_minor: compare_at_minor || null } : {}),
    }
  })
  return { ...typed, category_id: typed.category_id || null, variants, version: one?.version ?? 0 }
}

/** The form of a product: written whole, with the version that was looked at, so nobody undoes another's work. */
export function ProductForm({ one, may, onDone }: Props) {
  const { t } = useTranslation(["catalogue", "common"])
  const { notification, message } = useNotices()
  const queries = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const initial = start(one)
  const keep = useMutation({
    mutationFn: (typed: Fields) => {
      const whole = { ...initial, ...typed }
      return take(client.PUT("/v1/trade/products/{product_id}", { params: { path: { product_id: whole.product_id } }, body: bodyOf(whole, one) }))
    },
    onSuccess: (made) => {
      message.success(t("kept"))
      onDone(made.product_id)
    },
    onSettled: () => void renew(queries),
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  return (
    <Form<Fields> form={form} layout="vertical" requiredMark={false} disabled={!may} initialValues={initial} onFinish={(typed) => keep.mutate(typed)} className="productform">
      <Texts fixed={!!one} />
      <h3>{t("part.pictures")}</h3>
      <Form.Item name="media" noStyle>
        <Pictures may={may} />
      </Form.Item>
      <h3>{t("part.variants")}</h3>
      <VariantFields may={may} />
      <h3>{t("part.attributes")}</h3>
      <p className="soft small">{t("attributesMean")}</p>
      <AttributeFields may={may} />
      {may && (
        <p className="row after">
          <Button type="primary" htmlType="submit" loading={keep.isPending}>
            {t("common:act.save")}
          </Button>
          {!one && <span className="soft small">{t("draftMeans")}</span>}
        </p>
      )}
    </Form>
  )
}

function Texts({ fixed }: { fixed: boolean }) {
  const { t } = useTranslation("catalogue")
  const both = useBoth()
  const categories = useQuery(asks.categories()).data?.rows ?? []
  const sellers = useQuery(asks.sellers()).data?.rows ?? []
  return (
    <>
      {!fixed && (
        <Form.Item name="product_id" label={t("col.id")} extra={t("idMeans")} rules={[{ required: true, pattern: /^[^\s/?#%]{1,120}$/, message: t("idMeans") }]}>
          <Input autoComplete="off" maxLength={120} />
        </Form.Item>
      )}
      <div className="pairrow">
        <Form.Item name={["title", "zh"]} label={t("form.titleZh")} rules={[{ required: true, message: t("needed") }]}>
          <Input maxLength={200} autoComplete="off" lang="zh-CN" />
        </Form.Item>
        <Form.Item name={["title", "en"]} label={t("form.titleEn")}>
          <Input maxLength={200} autoComplete="off" lang="en" />
        </Form.Item>
      </div>
      {(["summary", "about"] as const).map((key) => (
        <div className="pairrow" key={key}>
          <Form.Item name={[key, "zh"]} label={t(`form.${key}Zh`)}>
            <Input.TextArea rows={key === "about" ? 4 : 2} maxLength={key === "about" ? 20_000 : 400} lang="zh-CN" />
          </Form.Item>
          <Form.Item name={[key, "en"]} label={t(`form.${key}En`)}>
            <Input.TextArea rows={key === "about" ? 4 : 2} maxLength={key === "about" ? 20_000 : 400} lang="en" />
          </Form.Item>
        </div>
      ))}
      <div className="pairrow">
        <Form.Item name="category_id" label={t("form.category")}>
          <Select allowClear showSearch optionFilterProp="label" options={categoryOptions(categories, both)} />
        </Form.Item>
        <Form.Item name="brand" label={t("form.brand")}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
      </div>
      <div className="pairrow">
        <Form.Item name="seller_id" label={t("form.seller")}>
          <Select options={sellers.map((one) => ({ value: one.seller_id, label: both(one.name) }))} />
        </Form.Item>
        <Form.Item name="tax_class" label={t("form.tax")}>
          <Select options={taxes.map((value) => ({ value, label: t(`tax.${value}`) }))} />
        </Form.Item>
      </div>
    </>
  )
}
