import { Button, Form, InputNumber, Select } from "antd"
import { useTranslation } from "react-i18next"
import { kinds, type Draft } from "./asks"
import { Amount } from "./money"

/** What the promotion gives: the fields of its kind. */
export function BenefitFields() {
  const { t } = useTranslation("pricing")
  const form = Form.useFormInstance<Draft>()
  const kind = Form.useWatch(["benefit", "kind"], form)
  const at = Form.useWatch(["benefit", "at_minor"], form)
  const needed = [{ required: true, message: t("form.needed") }]
  return (
    <>
      <Form.Item name={["benefit", "kind"]} label={t("form.kind")}>
        <Select options={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))} />
      </Form.Item>
      {(kind === "amount" || kind === "fixed_price") && (
        <Form.Item name={["benefit", "amount_minor"]} label={t(`form.${kind}`)} rules={needed}>
          <Amount min={0.01} />
        </Form.Item>
      )}
      {kind === "buy_get" && (
        <div className="pairrow">
          <Form.Item name={["benefit", "buy"]} label={t("form.buy")} rules={needed}>
            <InputNumber min={1} max={1000} precision={0} />
          </Form.Item>
          <Form.Item name={["benefit", "get"]} label={t("form.get")} rules={needed}>
            <InputNumber min={1} max={1000} precision={0} />
          </Form.Item>
        </div>
      )}
      {(kind === "percent" || kind === "buy_get") && (
        <Form.Item name={["benefit", "bp"]} label={t(kind === "percent" ? "form.percent" : "form.getOff")} rules={needed}>
          <Amount share min={0.01} />
        </Form.Item>
      )}
      {kind === "threshold" && <Tiers />}
      {kind === "free_delivery" && (
        <Form.Item name={["benefit", "at_minor"]} label={t("form.from")}>
          <Amount />
        </Form.Item>
      )}
      {(kind === "threshold" || (kind === "free_delivery" && !!at)) && (
        <Form.Item name={["benefit", "cliff"]} label={t("form.cliff")}>
          <Select options={[true, false].map((value) => ({ value, label: t(value ? "cliff.yes" : "cliff.no") }))} />
        </Form.Item>
      )}
    </>
  )
}

function Tiers() {
  const { t } = useTranslation("pricing")
  const form = Form.useFormInstance<Draft>()
  const tiers = Form.useWatch(["benefit", "tiers"], form) as { off_bp?: number }[] | undefined
  const byShare = !!tiers?.[0]?.off_bp
  const few = (tiers?.length ?? 0) < 2
  return (
    <>
      <Form.List name={["benefit", "tiers"]}>
        {(fields, { add, remove }) => (
          <div className="tierrows">
            {fields.map(({ key, name }) => (
              <div key={key} className="pairrow tier">
                <Form.Item name={[name, "at_minor"]} label={t("form.from")} rules={[{ required: true, message: t("form.needed") }]}>
                  <Amount min={0.01} />
                </Form.Item>
                <Form.Item name={[name, "off_minor"]} label={t("form.offMoney")}>
                  <Amount />
                </Form.Item>
                <Form.Item name={[name, "off_bp"]} label={t("form.offShare")}>
                  <Amount share />
                </Form.Item>
                {fields.length > 1 && (
                  <Button size="small" type="text" onClick={() => remove(name)}>
                    {t("form.dropTier")}
                  </Button>
                )}
              </div>
            ))}
            <p className="soft small">{t("form.offEither")}</p>
            <p className="row">
              <Button size="small" onClick={() => add({ off_minor: 0, off_bp: 0 })} disabled={fields.length >= 10}>
                {t("form.addTier")}
              </Button>
            </p>
          </div>
        )}
      </Form.List>
      {few && !byShare && (
        <Form.Item name={["benefit", "repeats"]} label={t("form.repeats")}>
          <Select options={[false, true].map((value) => ({ value, label: t(value ? "repeats.yes" : "repeats.no") }))} />
        </Form.Item>
      )}
    </>
  )
}
