import { useCallback } from "react"
import { useTranslation } from "react-i18next"
import type { State } from "./asks"

/** A text kept in both languages, in the reader's. */
export function useBoth() {
  const { i18n } = useTranslation()
  const zh = i18n.language === "zh"
  return useCallback((words: { zh?: string; en?: string }) => (zh ? words.zh || words.en : words.en || words.zh) ?? "", [zh])
}

type Category = { category_id: string; parent_id?: string | null; name: { zh?: string; en?: string } }

/** Categories to choose from: each under its parent, by the whole way to it. */
export function categoryOptions(every: Category[], both: (words: Category["name"]) => string, parent: string | null = null, above = ""): { value: string; label: string }[] {
  return every
    .filter((one) => (one.parent_id ?? null) === parent)
    .flatMap((one) => {
      const label = above ? `${above} / ${both(one.name)}` : both(one.name)
      return [{ value: one.category_id, label }, ...categoryOptions(every, both, one.category_id, label)]
    })
}

export function Standing({ of }: { of: State }) {
  const { t } = useTranslation("catalogue")
  return <span className={`tag ${of === "listed" ? "good" : ""}`}>{t(`state.${of}`)}</span>
}
