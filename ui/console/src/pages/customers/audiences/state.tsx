import { useTranslation } from "react-i18next"
import type { Row } from "./asks"

const tones = { current: "working", evaluating: "waiting", archived: "" } as const

/** Whether an audience is up to date, being counted, or put away. */
export function AudienceState({ row }: { row: Pick<Row, "state"> }) {
  const { t } = useTranslation("audiences")
  return <span className={`state ${tones[row.state]}`}>{t(`state.${row.state}`)}</span>
}
