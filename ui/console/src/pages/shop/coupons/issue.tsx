import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query"
import { Form, Input, InputNumber, Modal, Segmented, Select } from "antd"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { client, take } from "../../../lib/api"
import { useNotices } from "../../../lib/notices"
import { sentenceOf } from "../../../parts/trouble"
import { asks } from "../promotions/asks"
import { PickMembers } from "../promotions/members"
import { useBoth } from "../promotions/words"

type Way = "shared" | "codes" | "members"
type Fields = { promotion_id: string; zh: string; en: string; way: Way; code: string; uses: number; count: number; members: string[]; ends_at: string }

/** Issue coupons of a promotion that a code opens: one code for many, many codes, or for members. */
export function Issue({ promotion, member, onClose, onDone }: { promotion: string; member: string; onClose(): void; onDone(batch: string): void }) {
  const { t } = useTranslation("pricing")
  const both = useBoth()
  const { notification } = useNotices()
  const queries = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const way = Form.useWatch("way", form)
  const found = useInfiniteQuery(asks.promotions("", undefined, "coupon")).data?.pages.flatMap((page) => page.rows).filter((one) => one.state !== "ended") ?? []
  const issue = useMutation({
    mutationFn: (typed: Fields) =>
      take(
        client.POST("/v1/trade/coupon-batches", {
          body: {
            promotion_id: typed.promotion_id,
            name: { zh: typed.zh, en: typed.en },
            code: typed.way === "shared" ? typed.code : null,
            uses: typed.way === "shared" ? typed.uses : 1,
            count: typed.way === "codes" ? typed.count : 0,
            member_ids: typed.way === "members" ? typed.members : [],
            ends_at: typed.ends_at ? new Date(typed.ends_at).toISOString() : null,
          },
        }),
      ),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ["/v1/trade/coupon-batches"] })
      onDone(made.id)
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const needed = [{ required: true, message: t("form.needed") }]
  return (
    <Modal open title={t("coupons.issue")} okText={t("coupons.issue")} okButtonProps={{ loading: issue.isPending }} onOk={() => form.submit()} onCancel={onClose} width={520}>
      <Form<Fields> form={form} layout="vertical" requiredMark={false} initialValues={{ promotion_id: promotion || undefined, way: member ? "members" : "shared", members: member ? [member] : [], uses: 100, count: 100 }} onFinish={(typed) => issue.mutate(typed)}>
        <Form.Item name="promotion_id" label={t("coupons.opens")} extra={found.length ? undefined : <Link to="/shop/promotions?edit=new">{t("coupons.noPromotion")}</Link>} rules={needed}>
          <Select options={found.map((one) => ({ value: one.id, label: both(one.draft.name) }))} />
        </Form.Item>
        <div className="pairrow">
          <Form.Item name="zh" label={t("form.nameZh")} rules={needed}>
            <Input maxLength={60} autoComplete="off" lang="zh-CN" />
          </Form.Item>
          <Form.Item name="en" label={t("form.nameEn")} rules={needed}>
            <Input maxLength={60} autoComplete="off" lang="en" />
          </Form.Item>
        </div>
        <Form.Item name="way" label={t("coupons.way")}>
          <Segmented aria-label={t("coupons.way")} options={(["shared", "codes", "members"] as const).map((value) => ({ value, label: t(`coupons.ways.${value}`) }))} />
        </Form.Item>
        {way === "shared" && (
          <div className="pairrow">
            <Form.Item name="code" label={t("coupons.code")} extra={t("coupons.codeMeans")} rules={needed}>
              <Input maxLength={40} autoComplete="off" />
            </Form.Item>
            <Form.Item name="uses" label={t("coupons.usesAll")} rules={needed}>
              <InputNumber min={1} max={10_000_000} precision={0} />
            </Form.Item>
          </div>
        )}
        {way === "codes" && (
          <Form.Item name="count" label={t("coupons.count")} rules={needed}>
            <InputNumber min={1} max={20_000} precision={0} />
          </Form.Item>
        )}
        {way === "members" && (
          <Form.Item name="members" label={t("coupons.members")} extra={t("coupons.membersMeans")} rules={needed}>
            <PickMembers />
          </Form.Item>
        )}
        <Form.Item name="ends_at" label={t("form.ends")}>
          <Input type="datetime-local" />
        </Form.Item>
      </Form>
    </Modal>
  )
}
