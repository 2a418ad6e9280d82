import { Button, Modal } from "antd"
import { useTranslation } from "react-i18next"
import { useNotices } from "../../lib/notices"

/** A password or token at the only moment it can be read. */
export function SecretOnce({ title, secret, onClose }: { title: string; secret: string; onClose(): void }) {
  const { t } = useTranslation(["settings", "common"])
  const { message } = useNotices()
  const copy = async () => {
    await navigator.clipboard.writeText(secret)
    void message.success(t("copied"))
  }
  return (
    <Modal open onCancel={onClose} title={title} footer={<Button onClick={onClose}>{t("common:act.close")}</Button>} width={460} mask={{ closable: false }}>
      <p className="soft">{t("once")}</p>
      <p className="secret">
        <code>{secret}</code>
        <Button size="small" onClick={() => void copy()}>
          {t("copy")}
        </Button>
      </p>
    </Modal>
  )
}
