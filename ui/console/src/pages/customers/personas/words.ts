import { useTranslation } from "react-i18next"
import { useShopNames } from "../../../lib/names"

type Named = { name_zh: string; name_en: string }
type Needed = { need_zh: string; need_en: string }

const parts = ["morning", "midday", "afternoon", "evening", "night"] as const
export const days = ["weekday", "weekend"] as const
export const slots = days.flatMap((day) => parts.map((part) => `${day}_${part}` as const))

/** A scene's own words in the reader's language, and the words for its evidence. */
export function usePersonaWords() {
  const { t, i18n } = useTranslation("personas")
  const shop = useShopNames()
  const zh = i18n.language === "zh"
  const slot = (name: string) => {
    const known = slots.find((one) => one === name)
    return known ? t(`slots.${known}`) : name
  }
  return {
    name: (row: Named) => (zh ? row.name_zh : row.name_en),
    need: (row: Needed) => (zh ? row.need_zh : row.need_en),
    slot,
    category: shop.text,
    reason: (one: { kind: string; name: string; name_zh: string | null; name_en: string | null }) => {
      if (one.kind === "said") return t("saysWhat", { what: (zh ? one.name_zh : one.name_en) ?? one.name })
      if (one.kind !== "slot") return shop.text(one.name)
      const [when = "", department = ""] = one.name.split("|")
      return t("slotOf", { when: slot(when), what: shop.text(department) })
    },
  }
}
