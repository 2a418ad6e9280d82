import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Drawer, Form, Input, Select } from "antd"
import { useTranslation } from "react-i18next"
import type { components } from "../../../api.gen"
import { client, take } from "../../../lib/api"
import { useNotices } from "../../../lib/notices"
import { sentenceOf } from "../../../parts/trouble"
import { asks as pricing } from "../promotions/asks"
import { useBoth } from "../promotions/words"
import { renew } from "./asks"

type Fields = { zh: string; en: string; channel_id: string; tier?: string; starts?: string; ends?: string }
type Props = { open: boolean; channels: components["schemas"]["SalesChannel"][]; onClose(): void; onDone(list: string): void }

const moment = (local?: string) => (local ? new Date(local).toISOString() : null)

/** A list for a member tier, for some time, or both. */
export function CreateList({ open, channels, onClose, onDone }: Props) {
  const { t } = useTranslation("setup")
  const both = useBoth()
  const { message, notification } = useNotices()
  const queries = useQueryClient()
  const tiers = useQuery(pricing.tiers()).data ?? []
  const [form] = Form.useForm<Fields>()
  const make = useMutation({
    mutationFn: (told: Fields) =>
      take(client.POST("/v1/trade/price-lists", { body: { channel_id: told.channel_id, name: { zh: told.zh ?? "", en: told.en ?? "" }, tier: told.tier ?? null, starts_at: moment(told.starts), ends_at: moment(told.ends) } })),
    onSuccess: (made) => {
      void message.success(t("prices.made"))
      void renew(queries)
      onDone(made.id)
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const some = () => ({ validator: () => (form.getFieldValue("tier") || form.getFieldValue("starts") || form.getFieldValue("ends") ? Promise.resolve() : Promise.reject(new Error(t("prices.needTierOrTime")))) })
  const after = () => ({
    validator: (_: unknown, ends?: string) => {
      const starts = form.getFieldValue("starts") as string | undefined
      return starts && ends && ends <= starts ? Promise.reject(new Error(t("prices.order"))) : Promise.resolve()
    },
  })
  const named = () => ({ validator: () => ((form.getFieldValue("zh") || form.getFieldValue("en") || "").trim() ? Promise.resolve() : Promise.reject(new Error(t("setup.oneName")))) })
  return (
    <Drawer open={open} onClose={onClose} title={t("prices.new")} size="large" destroyOnHidden>
      <Form<Fields> form={form} layout="vertical" requiredMark={false} preserve={false} className="setupform" initialValues={{ channel_id: channels[0]?.channel_id ?? "online" }} onFinish={(told) => make.mutate(told)}>
        <div className="pairrow">
          <Form.Item name="zh" label={t("prices.nameZh")} rules={[named]}>
            <Input autoComplete="off" maxLength={200} />
          </Form.Item>
          <Form.Item name="en" label={t("prices.nameEn")}>
            <Input autoComplete="off" maxLength={200} />
          </Form.Item>
          <Form.Item name="channel_id" label={t("prices.channel")}>
            <Select options={channels.map((one) => ({ value: one.channel_id, label: both(one.name) || one.channel_id }))} />
          </Form.Item>
          <Form.Item name="tier" label={t("prices.tier")} dependencies={["starts", "ends"]} rules={[some]}>
            <Select allowClear placeholder={t("prices.anyTier")} options={tiers.map((one) => ({ value: one.key, label: both({ zh: one.name_zh, en: one.name_en }) }))} />
          </Form.Item>
          <Form.Item name="starts" label={t("prices.starts")}>
            <Input type="datetime-local" />
          </Form.Item>
          <Form.Item name="ends" label={t("prices.ends")} dependencies={["starts"]} rules={[after]}>
            <Input type="datetime-local" />
          </Form.Item>
        </div>
        <Button htmlType="submit" type="primary" loading={make.isPending}>
          {t("prices.make")}
        </Button>
      </Form>
    </Drawer>
  )
}
