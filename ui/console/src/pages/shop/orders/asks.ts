import { infiniteQueryOptions, keepPreviousData, queryOptions, type QueryClient } from "@tanstack/react-query"
import type { components } from "../../../api.gen"
import { client, take } from "../../../lib/api"

type Schemas = components["schemas"]
export type OrderRow = Schemas["ShopOrderRow"]
export type Order = Schemas["ShopOrder"]
export type Line = Schemas["ShopOrderLine"]
export type Parcel = Schemas["ShopOrderParcel"]
export type Happened = Schemas["ShopOrderEvent"]
export type States = Schemas["ShopOrderStates"]
export type OrderDraft = Schemas["OrderDraft"]
export type Filter = { q: string; state: (typeof filters)[number] }

export const filters = ["", "draft", "unpaid", "paid", "cancelled", "expired"] as const

export const asks = {
  orders: (filter: Filter) =>
    infiniteQueryOptions({
      queryKey: ["/v1/trade/orders", filter],
      queryFn: ({ pageParam, signal }) => take(client.GET("/v1/trade/orders", { params: { query: { ...filter, cursor: pageParam, limit: 50 } }, signal })),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next,
      placeholderData: keepPreviousData,
    }),
  order: (order_id: string) =>
    queryOptions({
      queryKey: ["/v1/trade/orders/{id}", order_id],
      queryFn: ({ signal }) => take(client.GET("/v1/trade/orders/{order_id}", { params: { path: { order_id } }, signal })),
    }),
  figures: (days: number) =>
    queryOptions({
      queryKey: ["/v1/trade/orders/figures", days],
      queryFn: ({ signal }) => take(client.GET("/v1/trade/orders/figures", { params: { query: { days } }, signal })),
    }),
  places: () => queryOptions({ queryKey: ["/v1/trade/stock/locations"], queryFn: ({ signal }) => take(client.GET("/v1/trade/stock/locations", { signal })) }),
  goods: (q: string) =>
    queryOptions({
      queryKey: ["/v1/trade/products", "few", q],
      queryFn: ({ signal }) => take(client.GET("/v1/trade/products", { params: { query: { q, limit: 20 } }, signal })),
      placeholderData: keepPreviousData,
    }),
  rates: () => queryOptions({ queryKey: ["/v1/trade/delivery/rates"], queryFn: ({ signal }) => take(client.GET("/v1/trade/delivery/rates", { signal })) }),
  carriers: () =>
    queryOptions({ queryKey: ["/v1/trade/delivery/carriers"], queryFn: ({ signal }) => take(client.GET("/v1/trade/delivery/carriers", { signal })), staleTime: Infinity }),
}

/** After an act: the order, the list and the figures are asked again. */
export async function renew(queries: QueryClient, order_id: string) {
  await Promise.all([
    queries.invalidateQueries({ queryKey: ["/v1/trade/orders/{id}", order_id] }),
    queries.invalidateQueries({ queryKey: ["/v1/trade/orders"] }),
    queries.invalidateQueries({ queryKey: ["/v1/trade/orders/figures"] }),
  ])
}
