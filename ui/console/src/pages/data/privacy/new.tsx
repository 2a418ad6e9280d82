import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Form, Input, Modal, Segmented } from "antd"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useNotices } from "../../../lib/notices"
import { oneOf } from "../../../lib/url"
import { sentenceOf } from "../../../parts/trouble"
import type { NewRequest as Fields } from "./asks"

const kinds = ["export", "erasure", "restriction"] as const
const laws = ["pipl", "gdpr"] as const

/** What a person asked, written down: the deadline runs from the day they asked. */
export function NewRequest({ open, person, kind, onClose, onMade }: { open: boolean; person: string; kind: string; onClose(): void; onMade(id: string): void }) {
  const { t } = useTranslation("privacy")
  const { notification } = useNotices()
  const queries = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const make = useMutation({
    mutationFn: (body: Fields) => take(client.POST("/v1/privacy/requests", { body })),
    onSuccess: (request) => {
      form.resetFields()
      void queries.invalidateQueries({ queryKey: ["/v1/privacy/requests"] })
      onMade(request.id)
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const needed = [{ required: true, message: t("form.needed") }]
  const today = new Date().toISOString().slice(0, 10)
  return (
    <Modal open={open} title={t("new")} okText={t("form.save")} okButtonProps={{ loading: make.isPending }} onOk={() => form.submit()} onCancel={onClose} width={520}>
      <Form<Fields> form={form} layout="vertical" requiredMark={false} initialValues={{ kind: oneOf(kind, kinds) ?? "export", person_id: person, law: "pipl", asked_on: today, asked_via: "" }} onFinish={(fields) => make.mutate(fields)}>
        <Form.Item name="kind" label={t("form.kind")}>
          <Segmented aria-label={t("form.kind")} options={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))} />
        </Form.Item>
        <Form.Item name="person_id" label={t("form.person")} extra={t("form.personHint")} rules={needed}>
          <Input autoComplete="off" maxLength={200} />
        </Form.Item>
        <Form.Item name="asked_on" label={t("form.asked")} rules={needed}>
          <Input type="date" max={today} />
        </Form.Item>
        <Form.Item name="asked_via" label={t("form.via")}>
          <Input autoComplete="off" maxLength={500} />
        </Form.Item>
        <Form.Item name="proof" label={t("form.proof")} extra={t("form.proofHint")} rules={needed}>
          <Input.TextArea rows={2} maxLength={500} />
        </Form.Item>
        <Form.Item name="law" label={t("form.law")}>
          <Segmented aria-label={t("form.law")} options={laws.map((value) => ({ value, label: t(`law.${value}`) }))} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
