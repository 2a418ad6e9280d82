import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions } from "@tanstack/react-query"
import type { paths } from "../api.gen"
import { client, Refused, take } from "./api"
import type { Page, WhatIf } from "./shapes"

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 1 && !(error instanceof Refused && error.status < 500),
    },
  },
})

type QueryOf<P extends keyof paths> = paths[P] extends { get: { parameters: { query?: infer Q } } } ? NonNullable<Q> : never
type Filter<P extends keyof paths> = Omit<QueryOf<P>, "cursor" | "limit">

type Fetch<T> = (place: { cursor: string | null; limit: number }, signal?: AbortSignal) => Promise<Page<T>>
export type FileKind = "csv" | "xlsx"
/** Every row of a list as one file, made by the server. */
export type FileOf = (format: FileKind) => Promise<Blob>

/** A keyset-paged list: one page at a time, the next by its cursor. */
function list<T>(key: unknown[], fetch: Fetch<T>, limit = 50) {
  return infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => fetch({ cursor: pageParam, limit }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page: Page<T>) => page.next,
    placeholderData: keepPreviousData,
  })
}

export type Asked<T> = ReturnType<typeof list<T>>

function one<T>(key: unknown[], fetch: (signal: AbortSignal) => Promise<T>) {
  return queryOptions({ queryKey: key, queryFn: ({ signal }) => fetch(signal) })
}

/** Filters as the address has them: an empty one is not a filter. */
function set<T extends object>(filter: T): T {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== "")) as T
}

/** Every question the console asks, once; each key begins with the path it asks. */
export const ask = {
  me: () => one(["/v1/me"], (signal) => take(client.GET("/v1/me", { signal }))),
  shop: () => one(["/v1/shop"], (signal) => take(client.GET("/v1/shop", { signal }))),
  health: () => one(["/v1/health"], (signal) => take(client.GET("/v1/health", { signal }))),
  teams: () => one(["/v1/teams"], (signal) => take(client.GET("/v1/teams", { signal }))),
  plays: () => one(["/v1/plays"], (signal) => take(client.GET("/v1/plays", { signal }))),
  strategy: () => one(["/v1/strategy"], (signal) => take(client.GET("/v1/strategy", { signal }))),
  data: () => one(["/v1/data"], (signal) => take(client.GET("/v1/data", { signal }))),
  imports: () => one(["/v1/imports"], (signal) => take(client.GET("/v1/imports", { params: { query: { limit: 20 } }, signal }))),
  exportReports: () => ({ ...one(["/v1/exports/reports"], (signal) => take(client.GET("/v1/exports/reports", { signal }))), staleTime: Infinity }),
  exportOutcome: (upload: string) =>
    one(["/v1/exports/uploads/{upload}", upload], (signal) =>
      take(client.GET("/v1/exports/uploads/{upload}", { params: { path: { upload } }, signal })),
    ),
  jobs: () => one(["/v1/jobs"], (signal) => take(client.GET("/v1/jobs", { params: { query: { limit: 20 } }, signal }))),
  operators: () => one(["/v1/operators"], (signal) => take(client.GET("/v1/operators", { signal }))),
  views: () => one(["/v1/views"], (signal) => take(client.GET("/v1/views", { signal }))),
  tokens: () => one(["/v1/tokens"], (signal) => take(client.GET("/v1/tokens", { signal }))),
  today: (team: string) =>
    one(["/v1/today", team], (signal) => take(client.GET("/v1/today", { params: { query: set({ team }) }, signal }))),
  customer: (customer_id: string) =>
    one(["/v1/customers/{id}", customer_id], (signal) =>
      take(client.GET("/v1/customers/{customer_id}", { params: { path: { customer_id } }, signal })),
    ),
  economics: () => one(["/v1/economics"], (signal) => take(client.GET("/v1/economics", { signal }))),
  payback: (channel: string) =>
    one(["/v1/economics/payback", channel], (signal) => take(client.GET("/v1/economics/payback", { params: { query: { channel } }, signal }))),
  repurchase: (days: number) =>
    one(["/v1/economics/repurchase", days], (signal) => take(client.GET("/v1/economics/repurchase", { params: { query: { days } }, signal }))),
  economicsChange: (query: QueryOf<"/v1/economics/change">) =>
    one(["/v1/economics/change", query], (signal) => take(client.GET("/v1/economics/change", { params: { query }, signal }))),
  lifecycle: () => one(["/v1/lifecycle"], (signal) => take(client.GET("/v1/lifecycle", { signal }))),
  lifecycleFlow: (query: QueryOf<"/v1/lifecycle/flow">) =>
    one(["/v1/lifecycle/flow", query], (signal) => take(client.GET("/v1/lifecycle/flow", { params: { query }, signal }))),
  lifecyclePreview: (thresholds: Record<string, number>) =>
    one(["/v1/lifecycle/preview", thresholds], (signal) => take(client.POST("/v1/lifecycle/preview", { body: { thresholds }, signal }))),
  whatIf: (asked: WhatIf) => one(["/v1/allocation/what-if", asked], (signal) => take(client.POST("/v1/allocation/what-if", { body: asked, signal }))),
  recommended: (customer_id: string) =>
    one(["/v1/recommendations/{id}", customer_id], (signal) =>
      take(client.GET("/v1/recommendations/{customer_id}", { params: { path: { customer_id }, query: { k: 10, new: 3 } }, signal })),
    ),
  personas: () => one(["/v1/personas"], (signal) => take(client.GET("/v1/personas", { signal }))),
  persona: (persona_id: string) =>
    one(["/v1/personas/{id}", persona_id], (signal) =>
      take(client.GET("/v1/personas/{persona_id}", { params: { path: { persona_id } }, signal })),
    ),
  personaMembers: (persona_id: string) =>
    list(
      ["/v1/personas/{id}/members", persona_id],
      (place, signal) => take(client.GET("/v1/personas/{persona_id}/members", { params: { path: { persona_id }, query: place }, signal })),
      20,
    ),
  customerPersonas: (customer_id: string) =>
    one(["/v1/personas/customers/{id}", customer_id], (signal) =>
      take(client.GET("/v1/personas/customers/{customer_id}", { params: { path: { customer_id } }, signal })),
    ),
  standing: (customer_id: string) =>
    one(["/v1/lifecycle/customers/{id}", customer_id], (signal) =>
      take(client.GET("/v1/lifecycle/customers/{customer_id}", { params: { path: { customer_id } }, signal })),
    ),
  group: (id: string) =>
    one(["/v1/decisions/groups/{id}", id], (signal) =>
      take(client.GET("/v1/decisions/groups/{id}", { params: { path: { id } }, signal })),
    ),
  decision: (id: string) =>
    one(["/v1/decisions/{id}", id], (signal) => take(client.GET("/v1/decisions/{id}", { params: { path: { id } }, signal }))),
  product: (product_id: string, store: string) =>
    one(["/v1/demand/{id}", product_id, store], (signal) =>
      take(client.GET("/v1/demand/{product_id}", { params: { path: { product_id }, query: set({ store }) }, signal })),
    ),

  customers: (filter: Filter<"/v1/customers">) =>
    list(["/v1/customers", filter], (place, signal) =>
      take(client.GET("/v1/customers", { params: { query: { ...set(filter), ...place } }, signal })),
    ),
  timeline: (customer_id: string) =>
    list(
      ["/v1/timelines/{id}", customer_id],
      (place, signal) =>
        take(client.GET("/v1/timelines/{customer_id}", { params: { path: { customer_id }, query: place }, signal })),
      20,
    ),
  groups: (filter: Filter<"/v1/decisions/groups">) =>
    list(["/v1/decisions/groups", filter], (place, signal) =>
      take(client.GET("/v1/decisions/groups", { params: { query: { ...set(filter), ...place } }, signal })),
    ),
  decisions: (filter: Filter<"/v1/decisions">) =>
    list(["/v1/decisions", filter], (place, signal) =>
      take(client.GET("/v1/decisions", { params: { query: { ...set(filter), ...place } }, signal })),
    ),
  demand: (filter: Filter<"/v1/demand">) =>
    list(["/v1/demand", filter], (place, signal) =>
      take(client.GET("/v1/demand", { params: { query: { ...set(filter), ...place } }, signal })),
    ),
  rejects: (id: string) =>
    list(["/v1/imports/{id}/rejects", id], (place, signal) =>
      take(client.GET("/v1/imports/{id}/rejects", { params: { path: { id }, query: place }, signal })),
    ),
  audit: (filter: Filter<"/v1/audit">) =>
    list(["/v1/audit", filter], (place, signal) =>
      take(client.GET("/v1/audit", { params: { query: { ...set(filter), ...place } }, signal })),
    ),
}

/** Every list as a file, by the same filter as its question. */
export const files = {
  customers:
    (filter: Filter<"/v1/customers">): FileOf =>
    (format) =>
      take(client.GET("/v1/files/customers", { params: { query: { ...set(filter), format } }, parseAs: "blob" })),
  demand:
    (filter: Filter<"/v1/demand">): FileOf =>
    (format) =>
      take(client.GET("/v1/files/demand", { params: { query: { ...set(filter), format } }, parseAs: "blob" })),
  groups:
    (filter: Filter<"/v1/decisions/groups">): FileOf =>
    (format) =>
      take(client.GET("/v1/files/groups", { params: { query: { ...set(filter), format } }, parseAs: "blob" })),
  decisions:
    (filter: Omit<QueryOf<"/v1/files/decisions">, "format">): FileOf =>
    (format) =>
      take(client.GET("/v1/files/decisions", { params: { query: { ...set(filter), format } }, parseAs: "blob" })),
  movers:
    (filter: Omit<QueryOf<"/v1/files/movers">, "format">): FileOf =>
    (format) =>
      take(client.GET("/v1/files/movers", { params: { query: { ...set(filter), format } }, parseAs: "blob" })),
  personaMembers:
    (persona_id: string): FileOf =>
    (format) =>
      take(client.GET("/v1/files/personas/{persona_id}", { params: { path: { persona_id }, query: { format } }, parseAs: "blob" })),
  scorecard:
    (play: string): FileOf =>
    (format) =>
      take(client.GET("/v1/files/scorecard", { params: { query: { play, format } }, parseAs: "blob" })),
  audit:
    (filter: Filter<"/v1/audit">): FileOf =>
    (format) =>
      take(client.GET("/v1/files/audit", { params: { query: { ...set(filter), format } }, parseAs: "blob" })),
  rejects:
    (id: string): FileOf =>
    (format) =>
      take(client.GET("/v1/files/rejects/{id}", { params: { path: { id }, query: { format } }, parseAs: "blob" })),
  data:
    (): FileOf =>
    (format) =>
      take(client.GET("/v1/files/data", { params: { query: { format } }, parseAs: "blob" })),
  nextPurchases:
    (customer: string): FileOf =>
    (format) =>
      take(client.GET("/v1/files/next-purchases", { params: { query: { customer, format } }, parseAs: "blob" })),
  weeks:
    (product: string, store: string): FileOf =>
    (format) =>
      take(client.GET("/v1/files/weeks", { params: { query: { ...set({ product, store }), format } }, parseAs: "blob" })),
  stores:
    (product: string): FileOf =>
    (format) =>
      take(client.GET("/v1/files/stores", { params: { query: { product, format } }, parseAs: "blob" })),
  jobs:
    (): FileOf =>
    (format) =>
      take(client.GET("/v1/files/jobs", { params: { query: { format } }, parseAs: "blob" })),
  operators:
    (): FileOf =>
    (format) =>
      take(client.GET("/v1/files/operators", { params: { query: { format } }, parseAs: "blob" })),
  tokens:
    (): FileOf =>
    (format) =>
      take(client.GET("/v1/files/tokens", { params: { query: { format } }, parseAs: "blob" })),
}
