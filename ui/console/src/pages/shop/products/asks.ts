import { infiniteQueryOptions, keepPreviousData, queryOptions, type QueryClient } from "@tanstack/react-query"
import type { components, paths } from "../../../api.gen"
import { client, take } from "../../../lib/api"

type Schemas = components["schemas"]
export type Row = Schemas["ProductRow"]
export type Product = Schemas["ProductShown"]
export type Body = Schemas["ProductBody"]
export type TableLook = Schemas["TableLook"]
export type PriceChange = Schemas["PriceChange"]
export type Repriced = Schemas["RepricedVariant"]
export type State = Row["state"]
export type Supply = Row["supply"]
export type Both = { zh: string; en: string }
export type Filter = Omit<NonNullable<paths["/v1/trade/products"]["get"]["parameters"]["query"]>, "cursor" | "limit">

export const states = ["draft", "listed", "archived"] as const
export const supplies = ["stock", "presale", "made_to_order"] as const
export const colds = ["none", "chilled", "frozen"] as const
export const evidences = ["none", "statement", "certificate", "test", "sample"] as const
export const taxes = ["standard", "reduced", "zero"] as const

export const asks = {
  products: (filter: Filter) =>
    infiniteQueryOptions({
      queryKey: ["/v1/trade/products", filter],
      queryFn: ({ pageParam, signal }) => take(client.GET("/v1/trade/products", { params: { query: { ...filter, cursor: pageParam, limit: 50 } }, signal })),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next,
      placeholderData: keepPreviousData,
    }),
  product: (product_id: string) =>
    queryOptions({
      queryKey: ["/v1/trade/products/{id}", product_id],
      queryFn: ({ signal }) => take(client.GET("/v1/trade/products/{product_id}", { params: { path: { product_id } }, signal })),
      enabled: product_id !== "",
    }),
  categories: () => queryOptions({ queryKey: ["/v1/trade/categories"], queryFn: ({ signal }) => take(client.GET("/v1/trade/categories", { signal })) }),
  sellers: () => queryOptions({ queryKey: ["/v1/trade/sellers"], queryFn: ({ signal }) => take(client.GET("/v1/trade/sellers", { signal })) }),
}

export const pictureUrl = (media_id: string) => `/v1/trade/media/${media_id}`

/** Whatever was written, products and prices are asked for anew. */
export const renew = (queries: QueryClient) =>
  queries.invalidateQueries({ predicate: (query) => ["/v1/trade/products", "/v1/trade/products/{id}", "/v1/trade/prices"].includes(String(query.queryKey[0])) })
