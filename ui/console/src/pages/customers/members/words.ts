import { useQuery } from "@tanstack/react-query"
import { useCallback } from "react"
import { useTranslation } from "react-i18next"
import { asks } from "./asks"

/** The name of a tier in the reader's language; its key until names are known, undefined without a tier. */
export function useTierName() {
  const zh = useTranslation("members").i18n.language === "zh"
  const tiers = useQuery(asks.tiers()).data
  return useCallback(
    (key: string | null | undefined) => {
      if (!key) return undefined
      const tier = tiers?.find((one) => one.key === key)
      return (tier && (zh ? tier.name_zh : tier.name_en)) ?? key
    },
    [tiers, zh],
  )
}
