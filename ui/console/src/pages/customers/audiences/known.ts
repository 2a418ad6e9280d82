import { useQueries, useQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useShopNames } from "../../../lib/names"
import { oneOf } from "../../../lib/url"
import { stages, tiers } from "../../../lib/shapes"
import { asks, type Named } from "./asks"
import type { Option } from "./goods"

const traitNames = ["city", "region", "created_at", "age", "income", "home_ownership", "marital_status", "household_size", "household_comp", "kids_count"] as const
export type TraitOption = Option & { number: boolean; values: Option[] }

const numeric = (values: Named[]) => values.length > 0 && values.every((one) => one.value.trim() !== "" && Number.isFinite(Number(one.value)))

/** The title of each product that a definition names by its number. */
function useProductTitles(ids: string[]): Record<string, string> {
  const found = useQueries({
    queries: ids.map((id) => ({
      queryKey: ["audience", "product", id],
      queryFn: ({ signal }: { signal: AbortSignal }) => take(client.GET("/v1/products", { params: { query: { q: id, limit: 1 } }, signal })),
      staleTime: Infinity,
    })),
    combine: (answers) => answers.map((one, i) => (one.data?.[0]?.product_id === ids[i] ? one.data?.[0]?.title : undefined)),
  })
  return Object.fromEntries(ids.flatMap((id, i) => (found[i] ? [[id, found[i]]] : [])))
}

/** Everything this shop's definitions can name, under the words people know it by. */
export function useKnown(products: string[] = []) {
  const { t, i18n } = useTranslation(["audiences", "lifecycle"])
  const zh = i18n.language === "zh"
  const shop = useShopNames()
  const words = useQuery(asks.vocabulary()).data
  const titles = useProductTitles(products)
  const titled = JSON.stringify(titles)
  return useMemo(() => {
    const product = JSON.parse(titled) as Record<string, string>
    const own = (one: Named) => (zh ? one.zh : one.en) || one.value
    const options = (all: Named[] | undefined, name: (one: Named) => string): Option[] => (all ?? []).map((one) => ({ value: one.value, label: name(one) }))
    const placeName = (value: string) => {
      const stage = oneOf(value, stages)
      const tier = oneOf(value, tiers)
      return stage ? t(`lifecycle:stages.${stage}`) : tier ? t(`lifecycle:tiers.${tier}`) : value
    }
    const traitName = (value: string) => {
      const known = oneOf(value, traitNames)
      return known ? t(`traitNames.${known}`) : value.replaceAll("_", " ")
    }
    const said = (all: Named[] | undefined, value: string) => {
      const found = all?.find((one) => one.value === value)
      return found ? own(found) : value
    }
    const byName = (one: Option, other: Option) => one.label.localeCompare(other.label, i18n.language)
    return {
      ready: words !== undefined,
      product: (id: string) => product[id] ?? id,
      category: shop.text,
      event: (name: string) => said(words?.events, name),
      trait: traitName,
      place: placeName,
      persona: (id: string) => said(words?.personas, id),
      aspect: (key: string) => said(words?.aspects, key),
      audience: (id: string) => (words && !words.audiences.some((one) => one.value === id) ? t("audienceGone") : said(words?.audiences, id)),
      lists: {
        events: options(words?.events, own),
        categories: options(words?.categories, (one) => shop.text(one.value)).sort(byName),
        departments: options(words?.departments, (one) => shop.text(one.value)).sort(byName),
        stores: options(words?.stores, own),
        channels: options(words?.channels, own),
        rooms: options(words?.rooms, own),
        stages: options(words?.stages, (one) => placeName(one.value)),
        tiers: options(words?.tiers, (one) => placeName(one.value)),
        personas: options(words?.personas, own),
        aspects: options(words?.aspects, own),
        audiences: options(words?.audiences, own),
        traits: (words?.traits ?? []).map(
          (one): TraitOption => ({ value: one.name, label: traitName(one.name), number: numeric(one.values), values: options(one.values, own) }),
        ),
      },
    }
  }, [words, titled, zh, shop, t, i18n.language])
}
