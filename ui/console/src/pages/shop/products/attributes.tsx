import { Button, Form, Input, Select } from "antd"
import { useTranslation } from "react-i18next"
import { evidences } from "./asks"
import { Gone } from "./variants"

const fresh = { key: "", label: { zh: "", en: "" }, value: { zh: "", en: "" }, code: "", evidence: "", evidence_kind: "none", url: "" }

/** What is said of a product, each with what it rests on. */
export function AttributeFields({ may }: { may: boolean }) {
  const { t } = useTranslation("catalogue")
  return (
    <Form.List name="attributes">
      {(rows, { add, remove }) => (
        <>
          {rows.map(({ key, name }) => (
            <fieldset className="sheet pad variantrow" key={key}>
              <legend className="sr">{t("attributeNumber", { n: name + 1 })}</legend>
              {(["label", "value"] as const).map((text) => (
                <div className="pairrow" key={text}>
                  <Form.Item name={[name, text, "zh"]} label={t(`form.${text}Zh`)} rules={[{ required: true, message: t("needed") }]}>
                    <Input maxLength={200} autoComplete="off" lang="zh-CN" />
                  </Form.Item>
                  <Form.Item name={[name, text, "en"]} label={t(`form.${text}En`)}>
                    <Input maxLength={200} autoComplete="off" lang="en" />
                  </Form.Item>
                </div>
              ))}
              <div className="pairrow">
                <Form.Item name={[name, "key"]} label={t("form.key")} rules={[{ required: true, pattern: /^[a-z0-9_-]{1,40}$/, message: t("keyMeans") }]} extra={t("keyMeans")}>
                  <Input autoComplete="off" maxLength={40} />
                </Form.Item>
                <Form.Item name={[name, "code"]} label={t("form.code")} rules={[{ pattern: /^[a-z0-9_-]{0,60}$/, message: t("keyMeans") }]} extra={t("codeMeans")}>
                  <Input autoComplete="off" maxLength={60} />
                </Form.Item>
              </div>
              <div className="pairrow">
                <Form.Item name={[name, "evidence_kind"]} label={t("form.evidenceKind")}>
                  <Select options={evidences.map((value) => ({ value, label: t(`evidence.${value}`) }))} />
                </Form.Item>
                <Form.Item name={[name, "url"]} label={t("form.url")} rules={[{ pattern: /^(https?:\/\/\S+)?$/, message: t("urlMeans") }]}>
                  <Input autoComplete="off" maxLength={2000} inputMode="url" />
                </Form.Item>
              </div>
              <Form.Item name={[name, "evidence"]} label={t("form.evidence")}>
                <Input.TextArea rows={2} maxLength={2000} />
              </Form.Item>
              {may && <Gone label={t("removeAttribute", { n: name + 1 })} onClick={() => remove(name)} />}
            </fieldset>
          ))}
          {may && <Button onClick={() => add(fresh)}>{t("addAttribute")}</Button>}
        </>
      )}
    </Form.List>
  )
}
