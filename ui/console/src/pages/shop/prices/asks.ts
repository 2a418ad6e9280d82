import { infiniteQueryOptions, keepPreviousData, queryOptions, type QueryClient } from "@tanstack/react-query"
import type { components } from "../../../api.gen"
import { client, take } from "../../../lib/api"

type Schemas = components["schemas"]
export type PriceList = Schemas["PriceListShown"]
export type Price = Schemas["PriceListed"]
export type PriceEntry = Schemas["PriceEntry"]

export const asks = {
  lists: () => queryOptions({ queryKey: ["/v1/trade/price-lists"], queryFn: async ({ signal }) => (await take(client.GET("/v1/trade/price-lists", { signal }))).rows }),
  prices: (list_id: string, q: string) =>
    infiniteQueryOptions({
      queryKey: ["/v1/trade/price-lists", list_id, q],
      queryFn: ({ pageParam, signal }) => take(client.GET("/v1/trade/price-lists/{list_id}/prices", { params: { path: { list_id }, query: { q, cursor: pageParam, limit: 50 } }, signal })),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next,
      placeholderData: keepPreviousData,
    }),
  channels: () => queryOptions({ queryKey: ["/v1/trade/channels"], queryFn: async ({ signal }) => (await take(client.GET("/v1/trade/channels", { signal }))).rows }),
}

/** Lists, their prices and the products that show them. */
export const renew = (queries: QueryClient) =>
  queries.invalidateQueries({ predicate: (query) => /^\/v1\/trade\/(price-lists|prices|products)/.test(String(query.queryKey[0])) })

/** Whether a list holds at a moment. */
export function standing(list: PriceList, now: number): "now" | "coming" | "over" {
  if (list.ends_at && Date.parse(list.ends_at) <= now) return "over"
  return list.starts_at && Date.parse(list.starts_at) > now ? "coming" : "now"
}
