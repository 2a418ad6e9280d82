import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import type { Benefit, Both, Draft } from "./asks"

/** A text that the shop keeps in both languages, in the reader's. */
export function useBoth() {
  const zh = useTranslation().i18n.language === "zh"
  return (both: Both) => (zh ? both.zh || both.en : both.en || both.zh) ?? ""
}

/** What a promotion gives, in one sentence. */
export function useBenefit() {
  const { t } = useTranslation("pricing")
  const f = useFormats()
  const money = (minor = 0) => f.money(minor, minor % 100 ? { exact: true } : { digits: 0 })
  const share = (bp = 0) => f.percent(bp / 10_000, bp % 100 ? 2 : 0)
  return (benefit: Benefit): string => {
    switch (benefit.kind) {
      case "percent":
        return t("say.percent", { share: share(benefit.bp) })
      case "amount":
        return t("say.amount", { money: money(benefit.amount_minor) })
      case "fixed_price":
        return t("say.fixed_price", { money: money(benefit.amount_minor) })
      case "buy_get":
        return benefit.bp === 10_000
          ? t("say.buy_get", { buy: benefit.buy, get: benefit.get })
          : t("say.buy_get_off", { buy: benefit.buy, get: benefit.get, share: share(benefit.bp) })
      case "threshold":
        return (benefit.tiers ?? [])
          .map((tier) => {
            const off = tier.off_minor ? money(tier.off_minor) : share(tier.off_bp)
            return t(benefit.repeats ? "say.each" : "say.from", { at: money(tier.at_minor), off })
          })
          .join(t("say.and"))
      case "free_delivery":
        return benefit.at_minor ? t("say.delivery_from", { at: money(benefit.at_minor) }) : t("say.delivery")
    }
  }
}

/** For which goods and whose orders, in one sentence; empty for all. */
export function useScope() {
  const { t } = useTranslation("pricing")
  return ({ scope }: Draft): string => {
    if (!scope) return ""
    const some = (["product_ids", "category_ids", "seller_ids", "tiers"] as const).filter((key) => scope[key]?.length)
    return [...some.map((key) => t(`scope.some.${key}`, { ids: scope[key]?.join(t("listed")) })), ...(scope.first_order ? [t("scope.first")] : [])].join(t("say.and"))
  }
}
