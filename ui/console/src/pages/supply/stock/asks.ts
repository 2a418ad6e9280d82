import { infiniteQueryOptions, keepPreviousData, queryOptions, type QueryClient } from "@tanstack/react-query"
import type { components, paths } from "../../../api.gen"
import { client, take } from "../../../lib/api"

type Schemas = components["schemas"]
export type Level = Schemas["StockLevel"]
export type Movement = Schemas["StockMovement"]
export type Quota = Schemas["StockQuota"]
export type Place = Schemas["StockLocation"]
export type Reservation = Schemas["StockReservation"]
export type Rate = Schemas["DeliveryRate-Output"]
export type Zone = Schemas["DeliveryZone-Output"]
export type Kind = Movement["kind"]

type LevelFilter = NonNullable<paths["/v1/trade/stock/levels"]["get"]["parameters"]["query"]>
type MovementFilter = NonNullable<paths["/v1/trade/stock/movements"]["get"]["parameters"]["query"]>

const set = <T extends object>(filter: T) => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== "" && value !== false)) as T

/** Every question about stock; each key begins with the path it asks. */
export const asks = {
  levels: (filter: LevelFilter, limit = 50) =>
    infiniteQueryOptions({
      queryKey: ["/v1/trade/stock/levels", filter, limit],
      queryFn: ({ pageParam, signal }) => take(client.GET("/v1/trade/stock/levels", { params: { query: { ...set(filter), cursor: pageParam, limit } }, signal })),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next,
      placeholderData: keepPreviousData,
    }),
  movements: (filter: MovementFilter, limit = 50) =>
    infiniteQueryOptions({
      queryKey: ["/v1/trade/stock/movements", filter, limit],
      queryFn: ({ pageParam, signal }) => take(client.GET("/v1/trade/stock/movements", { params: { query: { ...set(filter), cursor: pageParam, limit } }, signal })),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next,
      placeholderData: keepPreviousData,
    }),
  quotas: () =>
    infiniteQueryOptions({
      queryKey: ["/v1/trade/stock/quotas"],
      queryFn: ({ pageParam, signal }) => take(client.GET("/v1/trade/stock/quotas", { params: { query: { cursor: pageParam, limit: 50 } }, signal })),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next,
    }),
  variants: (search: string) =>
    queryOptions({
      queryKey: ["/v1/trade/stock/variants", search],
      queryFn: async ({ signal }) => (await take(client.GET("/v1/trade/stock/variants", { params: { query: { search, limit: 12 } }, signal }))).rows,
      placeholderData: keepPreviousData,
    }),
  places: () => queryOptions({ queryKey: ["/v1/trade/stock/locations"], queryFn: async ({ signal }) => (await take(client.GET("/v1/trade/stock/locations", { signal }))).rows }),
  reservations: (sku: string) =>
    queryOptions({
      queryKey: ["/v1/trade/stock/reservations", sku],
      queryFn: async ({ signal }) => (await take(client.GET("/v1/trade/stock/reservations", { params: { query: { sku, limit: 50 } }, signal }))).rows,
    }),
  faults: () => queryOptions({ queryKey: ["/v1/trade/stock/faults"], queryFn: async ({ signal }) => (await take(client.GET("/v1/trade/stock/faults", { signal }))).rows }),
  zones: () => queryOptions({ queryKey: ["/v1/trade/delivery/zones"], queryFn: async ({ signal }) => (await take(client.GET("/v1/trade/delivery/zones", { signal }))).rows }),
  rates: () => queryOptions({ queryKey: ["/v1/trade/delivery/rates"], queryFn: async ({ signal }) => (await take(client.GET("/v1/trade/delivery/rates", { signal }))).rows }),
}

/** Whatever was booked, every figure of stock is asked for anew. */
export const renew = (queries: QueryClient) => queries.invalidateQueries({ predicate: (query) => String(query.queryKey[0]).startsWith("/v1/trade/stock") })
