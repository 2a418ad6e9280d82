import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import type { components } from "../../../api.gen"
import { client, take } from "../../../lib/api"

type Schemas = components["schemas"]
export type EventRow = Schemas["EventRow"]
export type Edge = Schemas["Edge"]
export type Refusal = Schemas["Refusal"]
export type WriteKey = Schemas["Key"]
export type NewKey = Schemas["NewKey"]
export type KeySecret = Schemas["KeySecret"]
export type Filter = { name?: string; source?: string; person?: string }

/** Events are drained every two seconds; asking oftener would show nothing new. */
export const every = 2_000

export const asks = {
  events: (filter: Filter, live: boolean) =>
    queryOptions({
      queryKey: ["/v1/events", filter],
      queryFn: ({ signal }) => take(client.GET("/v1/events", { params: { query: { ...filter, limit: 100 } }, signal })),
      refetchInterval: live ? every : false,
      placeholderData: keepPreviousData,
    }),
  edge: (live: boolean) =>
    queryOptions({
      queryKey: ["/v1/events/edge"],
      queryFn: ({ signal }) => take(client.GET("/v1/events/edge", { signal })),
      refetchInterval: live ? every : false,
    }),
  keys: () => queryOptions({ queryKey: ["/v1/keys"], queryFn: ({ signal }) => take(client.GET("/v1/keys", { signal })) }),
}
