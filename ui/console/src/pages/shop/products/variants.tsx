import { Button, Form, Input, InputNumber, Select, Switch } from "antd"
import { useTranslation } from "react-i18next"
import { Amount } from "../promotions/money"
import { colds, supplies, type Both } from "./asks"
import type { Fields } from "./form"
import { useBoth } from "./words"

const fresh = { sku: "", choices: [], supply: "stock", cold_chain: "none", active: true, weight_g: 0, volume_ml: 0, lead_days: 0, image: "" }

/** Options such as size and colour, and the variants that they make. */
export function VariantFields({ may }: { may: boolean }) {
  const { t } = useTranslation("catalogue")
  const options = Form.useWatch<Both[] | undefined>("options") ?? []
  return (
    <>
      <Form.List name="options">
        {(rows, { add, remove }) => (
          <div className="optionrows">
            {rows.map(({ key, name }) => (
              <div className="pairrow" key={key}>
                <Form.Item name={[name, "zh"]} label={t("optionZh", { n: name + 1 })} rules={[{ required: true, message: t("needed") }]}>
                  <Input maxLength={60} autoComplete="off" lang="zh-CN" />
                </Form.Item>
                <Form.Item name={[name, "en"]} label={t("optionEn", { n: name + 1 })}>
                  <Input maxLength={60} autoComplete="off" lang="en" addonAfter={may && <Gone label={t("removeOption", { n: name + 1 })} onClick={() => remove(name)} />} />
                </Form.Item>
              </div>
            ))}
            {may && rows.length < 5 && <Button onClick={() => add({ zh: "", en: "" })}>{t("addOption")}</Button>}
          </div>
        )}
      </Form.List>
      <Form.List name="variants">
        {(rows, { add, remove }) => (
          <>
            {rows.map(({ key, name }) => (
              <VariantRow key={key} name={name} options={options} onGone={may && rows.length > 1 ? () => remove(name) : undefined} />
            ))}
            {may && <Button onClick={() => add(fresh)}>{t("addVariant")}</Button>}
          </>
        )}
      </Form.List>
    </>
  )
}

export function Gone({ label, onClick }: { label: string; onClick(): void }) {
  const { t } = useTranslation("catalogue")
  return (
    <Button type="link" size="small" danger aria-label={label} onClick={onClick}>
      {t("remove")}
    </Button>
  )
}

function VariantRow({ name, options, onGone }: { name: number; options: Both[]; onGone: (() => void) | undefined }) {
  const { t } = useTranslation("catalogue")
  const both = useBoth()
  const supply = Form.useWatch<Fields["variants"][number]["supply"]>(["variants", name, "supply"])
  return (
    <fieldset className="sheet pad variantrow">
      <legend className="sr">{t("variantNumber", { n: name + 1 })}</legend>
      <div className="pairrow">
        <Form.Item name={[name, "sku"]} label={t("form.sku")} rules={[{ required: true, pattern: /^[^\s/?#%]{1,120}$/, message: t("idMeans") }]}>
          <Input autoComplete="off" maxLength={120} />
        </Form.Item>
        <Form.Item name={[name, "active"]} label={t("form.active")} valuePropName="checked">
          <Switch />
        </Form.Item>
      </div>
      {options.map((option, n) => (
        <div className="pairrow" key={n}>
          <Form.Item name={[name, "choices", n, "zh"]} label={t("choiceZh", { option: both(option) })} rules={[{ required: true, message: t("needed") }]}>
            <Input maxLength={60} autoComplete="off" lang="zh-CN" />
          </Form.Item>
          <Form.Item name={[name, "choices", n, "en"]} label={t("choiceEn", { option: both(option) })}>
            <Input maxLength={60} autoComplete="off" lang="en" />
          </Form.Item>
        </div>
      ))}
      <div className="triple">
        {(["unit_minor", "compare_at_minor", "cost_minor"] as const).map((key) => (
          <Form.Item key={key} name={[name, key]} label={t(`form.${key}`)}>
            <Amount />
          </Form.Item>
        ))}
      </div>
      <div className="triple">
        <Form.Item name={[name, "supply"]} label={t("col.supply")}>
          <Select options={supplies.map((value) => ({ value, label: t(`supply.${value}`) }))} />
        </Form.Item>
        {supply === "presale" && (
          <Form.Item name={[name, "ships_on"]} label={t("form.shipsOn")}>
            <Input type="date" />
          </Form.Item>
        )}
        {supply === "made_to_order" && (
          <Form.Item name={[name, "lead_days"]} label={t("form.leadDays")}>
            <InputNumber min={0} max={365} precision={0} />
          </Form.Item>
        )}
        <Form.Item name={[name, "cold_chain"]} label={t("form.cold")}>
          <Select options={colds.map((value) => ({ value, label: t(`cold.${value}`) }))} />
        </Form.Item>
      </div>
      <div className="triple">
        <Form.Item name={[name, "weight_g"]} label={t("form.weight")}>
          <InputNumber min={0} max={1e8} precision={0} suffix="g" />
        </Form.Item>
        <Form.Item name={[name, "volume_ml"]} label={t("form.volume")}>
          <InputNumber min={0} max={1e9} precision={0} suffix="ml" />
        </Form.Item>
        {onGone && (
          <div className="goneplace">
            <Gone label={t("removeVariant", { n: name + 1 })} onClick={onGone} />
          </div>
        )}
      </div>
    </fieldset>
  )
}
