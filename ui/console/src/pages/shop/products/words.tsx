import { useCallback } from "react"
import { useTranslation } from "react-i18next"
import type { State } from "./asks"

/** A text kept in both languages, in the reader's. */
export function useBoth() {
  const { i18n } = useTranslation()
  const zh = i18n.language === "zh"
  return useCallback((words: { zh?: string; en?: string }) => (zh ? words.zh || words.en : words.en || words.zh) ?? "", [zh])
}

export function Standing({ of }: { of: State }) {
  const { t } = useTranslation("catalogue")
  return <span className={`tag ${of === "listed" ? "good" : ""}`}>{t(`state.${of}`)}</span>
}
