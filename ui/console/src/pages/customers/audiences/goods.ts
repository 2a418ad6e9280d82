import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useDeferredValue, useMemo, useState } from "react"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useKnown } from "./known"

/** What a condition may be about; none of them means anything the shop sells. */
export type Goods = { products?: string[]; categories?: string[]; departments?: string[] }
export type Option = { value: string; label: string }

const marks = { products: "p:", categories: "c:", departments: "d:" } as const
type Mark = keyof typeof marks
const kinds = Object.keys(marks) as Mark[]
const most = 30

const marked = (goods: Goods) => kinds.flatMap((kind) => (goods[kind] ?? []).map((name) => marks[kind] + name))

/** The chosen goods as the definition has them: what is empty is left out. */
export function goodsOf(values: string[]): Goods {
  const chosen = (kind: Mark) => values.filter((value) => value.startsWith(marks[kind])).map((value) => value.slice(2))
  return Object.fromEntries(kinds.map((kind) => [kind, chosen(kind)] as const).filter(([, names]) => names.length > 0))
}

/** Goods under a search: products by name from two letters on, categories and departments always. */
export function useGoods(value: Goods, departments: boolean) {
  const { t } = useTranslation("audiences")
  const [text, find] = useState("")
  const q = useDeferredValue(text.trim())
  const known = useKnown(value.products ?? [])
  const hits = useQuery({
    queryKey: ["audience", "products", q],
    queryFn: ({ signal }) => take(client.GET("/v1/products", { params: { query: { q, limit: 20 } }, signal })),
    enabled: q.length >= 2,
    placeholderData: keepPreviousData,
  })
  const fits = (option: Option) => `${option.label} ${option.value}`.toLowerCase().includes(q.toLowerCase())
  const named = (kind: "categories" | "departments") =>
    known.lists[kind].map((option) => ({ value: marks[kind] + option.value, label: option.label })).filter(fits).slice(0, most)
  const products = (q.length >= 2 ? (hits.data ?? []) : []).map((row) => ({ value: marks.products + row.product_id, label: row.title }))
  const groups = [
    ...(departments ? [{ label: t("goods.department"), options: named("departments") }] : []),
    { label: t("goods.category"), options: named("categories") },
    { label: t("goods.product"), options: products },
  ].filter((group) => group.options.length > 0)
  const name = (one: string) => (one.startsWith(marks.products) ? known.product(one.slice(2)) : known.category(one.slice(2)))
  const chosen = useMemo(() => marked(value).map((one) => ({ value: one, label: name(one) })), [value, known])
  return { options: groups, find, chosen }
}
