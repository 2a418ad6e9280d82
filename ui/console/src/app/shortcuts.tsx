import { Modal } from "antd"
import { useTranslation } from "react-i18next"

const groups = [
  { name: "today", rows: [["J K", "move"], ["A", "approve"], ["X", "reject"], ["E", "edit"], ["U", "undo"], ["Enter", "open"]] },
  { name: "lists", rows: [["J K", "move"], ["X", "select"], ["Enter", "open"]] },
  { name: "everywhere", rows: [["Ctrl K / \u2318K", "find"], ["?", "help"], ["Esc", "close"]] },
] as const

export default function Shortcuts({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("common")
  return (
    <Modal open onCancel={onClose} footer={null} title={t("keys.title")} width={460} transitionName="" maskTransitionName="">
      {groups.map((group) => (
        <section key={group.name} className="keylist">
          <h3>{t(`keys.${group.name}`)}</h3>
          <dl>
            {group.rows.map(([key, what]) => (
              <div key={what}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{t(`keys.${what}`)}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <p className="soft">{t("keys.note")}</p>
    </Modal>
  )
}
