import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import { asks, type Benefit, type Both, type Draft } from "./asks"

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

/** The name of a member tier; its key where it has none. */
export function useTierNames() {
  const both = useBoth()
  const tiers = useQuery(asks.tiers()).data ?? []
  return (key: string) => {
    const tier = tiers.find((one) => one.key === key)
    return (tier && both({ zh: tier.name_zh, en: tier.name_en })) || key
  }
}

/** Promotions that could run but do not. */
export function useDrafts() {
  const found = useInfiniteQuery(asks.promotions("")).data?.pages.flatMap((page) => page.rows) ?? []
  return found.filter((one) => one.state === "draft" || one.state === "paused")
}

const few = 3

/** For which goods and whose orders, in one sentence; empty for all. More than a few are counted. */
export function useScope() {
  const { t } = useTranslation("pricing")
  const both = useBoth()
  const tierName = useTierNames()
  const categories = useQuery(asks.categories()).data?.rows ?? []
  const sellers = useQuery(asks.sellers()).data?.rows ?? []
  const named = { product_ids: (id: string) => id, category_ids: name(categories, "category_id", both), seller_ids: name(sellers, "seller_id", both), tiers: tierName }
  return ({ scope }: Draft): string => {
    if (!scope) return ""
    const some = (["product_ids", "category_ids", "seller_ids", "tiers"] as const).filter((key) => scope[key]?.length)
    const said = some.map((key) => {
      const ids = scope[key] ?? []
      const names = ids.slice(0, few).map(named[key]).join(t("listed"))
      return t(`scope.some.${key}`, { ids: ids.length > few ? t("scope.more", { names, count: ids.length - few }) : names })
    })
    return [...said, ...(scope.first_order ? [t("scope.first")] : [])].join(t("say.and"))
  }
}

function name<K extends string, T extends { name: Both } & Record<K, string>>(rows: T[], key: K, both: (words: Both) => string) {
  return (id: string) => {
    const found = rows.find((row) => row[key] === id)
    return found ? both(found.name) : id
  }
}
