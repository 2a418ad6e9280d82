import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Drawer, Form, Input, InputNumber } from "antd"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import { Blank } from "../../../parts/blank"
import { Table, type Column } from "../../../parts/table"
import { sentenceOf, Trouble } from "../../../parts/trouble"
import { asks, type Tier } from "./asks"

type Fields = { key: string; name_zh: string; name_en: string; position: number }

/** Tiers that members may have; price lists and promotions name them by key. */
export function TiersDrawer({ open, may, onClose }: { open: boolean; may: boolean; onClose(): void }) {
  const { t } = useTranslation(["members", "common"])
  const f = useFormats()
  const { notification } = useNotices()
  const queries = useQueryClient()
  const tiers = useQuery(asks.tiers())
  const drop = useMutation({
    mutationFn: (tier: Tier) => client.DELETE("/v1/trade/tiers/{key}", { params: { path: { key: tier.key } } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["/v1/trade/tiers"] }),
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const columns: Column<Tier>[] = [
    { key: "key", title: t("tiers.key"), show: (row) => <code>{row.key}</code> },
    { key: "zh", title: t("tiers.zh"), wide: f.lang !== "zh", show: (row) => <span lang="zh-CN">{row.name_zh}</span> },
    { key: "en", title: t("tiers.en"), wide: f.lang !== "en", show: (row) => <span lang="en">{row.name_en}</span> },
    { key: "members", title: t("tiers.members"), right: true, show: (row) => f.whole(row.members) },
  ]
  const remove: Column<Tier> = {
    key: "drop",
    title: "",
    right: true,
    show: (row) => (
      <Button size="small" type="text" disabled={row.members > 0} title={row.members > 0 ? t("tiers.inUse") : undefined} onClick={() => drop.mutate(row)} aria-label={t("common:act.for", { verb: t("tiers.drop"), title: row.key })}>
        {t("tiers.drop")}
      </Button>
    ),
  }
  return (
    <Drawer open={open} onClose={onClose} title={t("tiers.title")} size="large" destroyOnHidden>
      <p className="soft">{t("tiers.means")}</p>
      {tiers.error ? (
        <Trouble error={tiers.error} onRetry={() => void tiers.refetch()} />
      ) : (
        <section className="sheet tiers">
          <Table label={t("tiers.title")} columns={may ? [...columns, remove] : columns} rows={tiers.data} rowKey={(row) => row.key} empty={<Blank title={t("tiers.none")}>{t("tiers.noneMeans")}</Blank>} />
        </section>
      )}
      {may && <MakeTier next={(tiers.data?.at(-1)?.position ?? 0) + 1} />}
    </Drawer>
  )
}

function MakeTier({ next }: { next: number }) {
  const { t } = useTranslation(["members", "common"])
  const { notification } = useNotices()
  const queries = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const keep = useMutation({
    mutationFn: ({ key, ...body }: Fields) => take(client.PUT("/v1/trade/tiers/{key}", { params: { path: { key } }, body: { ...body, position: body.position ?? next } })),
    onSuccess: () => {
      form.resetFields()
      void queries.invalidateQueries({ queryKey: ["/v1/trade/tiers"] })
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const needed = [{ required: true, message: t("needed") }]
  return (
    <section className="sheet pad">
      <h2>{t("tiers.new")}</h2>
      <Form<Fields> form={form} layout="vertical" requiredMark={false} className="keyform" onFinish={(fields) => keep.mutate(fields)}>
        <Form.Item name="key" label={t("tiers.key")} extra={t("tiers.keyHint")} rules={needed}>
          <Input autoComplete="off" maxLength={32} />
        </Form.Item>
        <Form.Item name="name_zh" label={t("tiers.zh")} rules={needed}>
          <Input autoComplete="off" maxLength={60} />
        </Form.Item>
        <Form.Item name="name_en" label={t("tiers.en")} rules={needed}>
          <Input autoComplete="off" maxLength={60} />
        </Form.Item>
        <Form.Item name="position" label={t("tiers.position")}>
          <InputNumber min={0} max={1000} placeholder={String(next)} />
        </Form.Item>
        <Button htmlType="submit" type="primary" loading={keep.isPending}>
          {t("tiers.make")}
        </Button>
      </Form>
    </section>
  )
}
