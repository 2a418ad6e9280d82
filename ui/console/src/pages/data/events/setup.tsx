import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Button, Form, Input } from "antd"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useNotices } from "../../../lib/notices"
import { sentenceOf } from "../../../parts/trouble"

type Fields = { name: string; timezone: string; currency: string }

/** Name, zone and currency of a shop into which nothing was imported. */
export function SetUp({ may }: { may: boolean }) {
  const { t } = useTranslation("events")
  const { notification } = useNotices()
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: (fields: Fields) => take(client.POST("/v1/shop", { body: fields })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["/v1/shop"] }),
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const needed = [{ required: true, message: t("keys.needed") }]
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <section className="sheet pad attention">
      <h2>{t("shop.title")}</h2>
      <p className="soft">{may ? t("shop.lead") : t("shop.admin")}</p>
      {may && (
        <Form<Fields> layout="vertical" requiredMark={false} className="fields" initialValues={{ timezone: zone, currency: "CNY" }} onFinish={(fields) => save.mutate(fields)}>
          <Form.Item name="name" label={t("shop.name")} rules={needed}>
            <Input autoComplete="off" maxLength={80} />
          </Form.Item>
          <Form.Item name="timezone" label={t("shop.zone")} rules={needed}>
            <Input autoComplete="off" maxLength={60} />
          </Form.Item>
          <Form.Item name="currency" label={t("shop.currency")} rules={needed}>
            <Input autoComplete="off" maxLength={3} />
          </Form.Item>
          <Button htmlType="submit" type="primary" loading={save.isPending}>
            {t("shop.save")}
          </Button>
        </Form>
      )}
    </section>
  )
}
