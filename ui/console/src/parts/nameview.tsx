import { Button, Form, Input, Modal } from "antd"
import { useTranslation } from "react-i18next"

export type NameViewProps = { first: string; onClose(): void; onName(name: string): void }

/** Asks what a view shall be called. */
export default function NameView({ first, onClose, onName }: NameViewProps) {
  const { t } = useTranslation("common")
  const onFinish = ({ name }: { name: string }) => onName(name.trim())
  return (
    <Modal open onCancel={onClose} footer={null} title={t("views.keep")} width={420} transitionName="" maskTransitionName="">
      <Form layout="vertical" requiredMark={false} onFinish={onFinish} initialValues={{ name: first }}>
        <Form.Item name="name" label={t("views.name")} extra={t("views.what")} rules={[{ required: true, whitespace: true, message: t("login.needed") }]}>
          <Input autoFocus maxLength={60} />
        </Form.Item>
        <Button type="primary" htmlType="submit">
          {t("act.save")}
        </Button>
      </Form>
    </Modal>
  )
}
