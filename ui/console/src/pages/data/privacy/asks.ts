import { queryOptions } from "@tanstack/react-query"
import type { components } from "../../../api.gen"
import { client, take } from "../../../lib/api"

type Schemas = components["schemas"]
export type Request = Schemas["PrivacyRequest"]
export type NewRequest = Schemas["NewPrivacyRequest"]
export type Look = Schemas["PrivacyLook"]
export type Retention = Schemas["PrivacyRetention"]
export type Erased = Schemas["ErasedIdentifier"]
export type ConsentCount = Schemas["ConsentCount"]

const every = 2_000
const moves = (request: Request) => request.state === "approved" || request.state === "running"

export const asks = {
  requests: () =>
    queryOptions({
      queryKey: ["/v1/privacy/requests"],
      queryFn: ({ signal }) => take(client.GET("/v1/privacy/requests", { params: { query: { limit: 100 } }, signal })),
      refetchInterval: (query) => (query.state.data?.some(moves) ? every : false),
    }),
  request: (id: string) =>
    queryOptions({
      queryKey: ["/v1/privacy/requests", id],
      queryFn: ({ signal }) => take(client.GET("/v1/privacy/requests/{id}", { params: { path: { id } }, signal })),
      refetchInterval: (query) => (query.state.data && moves(query.state.data) ? every : false),
      enabled: id !== "",
    }),
  looks: (person: string) =>
    queryOptions({
      queryKey: ["/v1/privacy/looks", person],
      queryFn: ({ signal }) => take(client.GET("/v1/privacy/looks", { params: { query: { person: person || undefined, limit: 200 } }, signal })),
    }),
  retention: () =>
    queryOptions({
      queryKey: ["/v1/privacy/retention"],
      queryFn: ({ signal }) => take(client.GET("/v1/privacy/retention", { signal })),
    }),
  erased: () =>
    queryOptions({
      queryKey: ["/v1/privacy/erasures"],
      queryFn: ({ signal }) => take(client.GET("/v1/privacy/erasures", { signal })),
    }),
  counts: () =>
    queryOptions({
      queryKey: ["/v1/consents/counts"],
      queryFn: ({ signal }) => take(client.GET("/v1/consents/counts", { signal })),
    }),
}
