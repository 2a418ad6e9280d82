import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Drawer, Form, Input, InputNumber, Select, Switch } from "antd"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useNotices } from "../../../lib/notices"
import { Bones } from "../../../parts/blank"
import { sentenceOf } from "../../../parts/trouble"
import { asks, channel, type Draft, type Promotion } from "./asks"
import { BenefitFields } from "./benefit"
import { Amount } from "./money"
import { PickCategories, PickProducts, PickSellers } from "./picks"
import { Touches } from "./touches"
import { useTierNames } from "./words"

type Props = { id: string; approver: boolean; onClose(): void; onDone(id: string): void }

const fresh: Draft = {
  channel_id: channel,
  name: { zh: "", en: "" },
  benefit: { kind: "threshold", tiers: [{ at_minor: 20_000, off_minor: 3_000, off_bp: 0 }], bp: 1_000, amount_minor: 1_000, buy: 1, get: 1, repeats: false, at_minor: 0, most_minor: null, cliff: true },
  trigger: "automatic",
  code_shown: false,
  scope: { product_ids: [], category_ids: [], seller_ids: [], tiers: [], first_order: false },
  bearers: { platform_bp: 10_000, seller_bp: 0, creator_bp: 0 },
  limits: { budget_minor: null, uses: null, member_uses: null },
  priority: 100,
  group: "",
  stacks: true,
  floor: "cost",
  starts_at: null,
  ends_at: null,
}

/** Write a promotion: a new draft, or the next version of one. */
export function Editor({ id, approver, onClose, onDone }: Props) {
  const { t } = useTranslation(["pricing", "common"])
  const there = useQuery(asks.promotion(id))
  const one = there.data?.promotion
  return (
    <Drawer open onClose={onClose} title={t(id ? "edit" : "new")} size="min(1080px, 100vw)" destroyOnHidden>
      {id && !one ? <Bones rows={10} height={40} /> : <Fields one={one} approver={approver} onDone={onDone} />}
    </Drawer>
  )
}

const local = (iso?: string | null) => {
  if (!iso) return ""
  const at = new Date(iso)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
const moment = (typed?: string | null) => (typed ? new Date(typed).toISOString() : null)

function Fields({ one, approver, onDone }: { one: Promotion | undefined; approver: boolean; onDone(id: string): void }) {
  const { t } = useTranslation(["pricing", "common"])
  const { notification } = useNotices()
  const queries = useQueryClient()
  const [form] = Form.useForm<Draft>()
  const start = { ...fresh, ...one?.draft }
  const keep = useMutation({
    mutationFn: (draft: Draft) =>
      one
        ? take(client.PUT("/v1/trade/promotions/{promotion_id}", { params: { path: { promotion_id: one.id } }, body: { version: one.version, draft } }))
        : take(client.POST("/v1/trade/promotions", { body: { draft, state: "draft" } })),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ["/v1/trade/promotions"] })
      onDone(made.id)
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const whole = (typed: Draft): Draft => ({ ...start, ...typed, benefit: { ...start.benefit, ...typed.benefit }, starts_at: moment(typed.starts_at), ends_at: moment(typed.ends_at) })
  const send = (typed: Draft) => keep.mutate(whole(typed))
  const typed = Form.useWatch([], form) as Draft | undefined
  return (
    <div className="besides">
    <Form<Draft> form={form} layout="vertical" requiredMark={false} className="promotionform" initialValues={{ ...start, starts_at: local(start.starts_at), ends_at: local(start.ends_at) }} onFinish={send}>
      <div className="pairrow">
        <Form.Item name={["name", "zh"]} label={t("form.nameZh")} rules={[{ required: true, message: t("form.needed") }]}>
          <Input maxLength={60} autoComplete="off" lang="zh-CN" />
        </Form.Item>
        <Form.Item name={["name", "en"]} label={t("form.nameEn")} rules={[{ required: true, message: t("form.needed") }]}>
          <Input maxLength={60} autoComplete="off" lang="en" />
        </Form.Item>
      </div>
      <h3>{t("part.gives")}</h3>
      <BenefitFields />
      <h3>{t("part.whom")}</h3>
      <Whom fixed={!!one} />
      <h3>{t("part.together")}</h3>
      <Together />
      <h3>{t("part.limits")}</h3>
      <LimitFields />
      <h3>{t("part.bearers")}</h3>
      <BearerFields />
      <p className="row after">
        <Button type="primary" htmlType="submit" loading={keep.isPending}>
          {t(one ? "common:act.save" : "form.saveDraft")}
        </Button>
        {!one && <span className="soft small">{t(approver ? "form.draftMeans" : "approverStarts")}</span>}
      </p>
    </Form>
    <Touches draft={typed?.benefit ? meant(whole(typed)) : null} />
    </div>
  )
}

/** What decides over goods and amounts: another name or time asks for no new answer. */
const meant = (draft: Draft): Draft => ({ ...draft, code_shown: false, name: { zh: "-", en: "-" }, starts_at: null, ends_at: null, limits: fresh.limits, priority: 100, group: "", stacks: true, bearers: fresh.bearers })

function Whom({ fixed }: { fixed: boolean }) {
  const { t } = useTranslation("pricing")
  const tiers = useQuery(asks.tiers()).data ?? []
  const tierName = useTierNames()
  const trigger = Form.useWatch("trigger", Form.useFormInstance<Draft>())
  return (
    <>
      <Form.Item name="trigger" label={t("form.trigger")} extra={fixed ? t("form.triggerFixed") : undefined}>
        <Select disabled={fixed} options={(["automatic", "coupon"] as const).map((value) => ({ value, label: t(`trigger.${value}`) }))} />
      </Form.Item>
      {trigger === "coupon" && (
        <Form.Item name="code_shown" label={t("form.shown")} extra={t("form.shownMeans")} valuePropName="checked">
          <Switch />
        </Form.Item>
      )}
      <Form.Item name={["scope", "product_ids"]} label={t("scope.product_ids")}>
        <PickProducts />
      </Form.Item>
      <div className="pairrow">
        <Form.Item name={["scope", "category_ids"]} label={t("scope.category_ids")}>
          <PickCategories />
        </Form.Item>
        <Form.Item name={["scope", "seller_ids"]} label={t("scope.seller_ids")}>
          <PickSellers />
        </Form.Item>
      </div>
      <div className="pairrow">
        <Form.Item name={["scope", "tiers"]} label={t("scope.tiers")}>
          <Select mode="multiple" placeholder={t("scope.anyone")} options={tiers.map((tier) => ({ value: tier.key, label: tierName(tier.key) }))} />
        </Form.Item>
        <Form.Item name={["scope", "first_order"]} label={t("scope.first")} valuePropName="checked">
          <Switch />
        </Form.Item>
      </div>
      <div className="pairrow">
        <Form.Item name="starts_at" label={t("form.starts")}>
          <Input type="datetime-local" />
        </Form.Item>
        <Form.Item name="ends_at" label={t("form.ends")}>
          <Input type="datetime-local" />
        </Form.Item>
      </div>
    </>
  )
}

function Together() {
  const { t } = useTranslation("pricing")
  return (
    <>
      <div className="pairrow">
        <Form.Item name="priority" label={t("col.priority")} extra={t("form.priorityMeans")}>
          <InputNumber min={0} max={10_000} precision={0} />
        </Form.Item>
        <Form.Item name="group" label={t("form.group")} extra={t("form.groupMeans")}>
          <Input maxLength={60} autoComplete="off" />
        </Form.Item>
      </div>
      <Form.Item name="stacks" label={t("form.stacks")}>
        <Select options={[true, false].map((value) => ({ value, label: t(value ? "stacks.yes" : "stacks.no") }))} />
      </Form.Item>
      <Form.Item name="floor" label={t("form.floor")}>
        <Select options={(["cost", "paid", "gift"] as const).map((value) => ({ value, label: t(`floor.${value}`) }))} />
      </Form.Item>
    </>
  )
}

function LimitFields() {
  const { t } = useTranslation("pricing")
  return (
    <div className="pairrow">
      <Form.Item name={["limits", "budget_minor"]} label={t("form.budget")} extra={t("form.budgetMeans")}>
        <Amount placeholder={t("form.noLimit")} />
      </Form.Item>
      <Form.Item name={["benefit", "most_minor"]} label={t("form.most")}>
        <Amount placeholder={t("form.noLimit")} min={0.01} />
      </Form.Item>
      <Form.Item name={["limits", "uses"]} label={t("form.uses")}>
        <InputNumber min={0} max={1e9} precision={0} placeholder={t("form.noLimit")} />
      </Form.Item>
      <Form.Item name={["limits", "member_uses"]} label={t("form.memberUses")} extra={t("form.memberUsesMeans")}>
        <InputNumber min={1} max={1e6} precision={0} placeholder={t("form.noLimit")} />
      </Form.Item>
    </div>
  )
}

function BearerFields() {
  const { t } = useTranslation("pricing")
  const form = Form.useFormInstance<Draft>()
  const bearers = Form.useWatch("bearers", form)
  const sum = (bearers?.platform_bp ?? 0) + (bearers?.seller_bp ?? 0) + (bearers?.creator_bp ?? 0)
  return (
    <>
      <div className="pairrow three">
        {(["platform", "seller", "creator"] as const).map((who) => (
          <Form.Item key={who} name={["bearers", `${who}_bp`]} label={t(`bearer.${who}`)} rules={[{ required: true, message: t("form.needed") }]}>
            <Amount share />
          </Form.Item>
        ))}
      </div>
      {sum !== 10_000 && (
        <p className="bad small" role="alert">
          {t("form.bearersSum", { sum: sum / 100 })}
        </p>
      )}
    </>
  )
}
