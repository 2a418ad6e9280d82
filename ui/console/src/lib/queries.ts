import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions } from "@tanstack/react-query"
import type * as shapes from "../api.types"
import { api, Refused } from "./api"

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 1 && !(error instanceof Refused && error.status < 500),
    },
  },
})

type Filter = Record<string, string | number | boolean | undefined>

/** A keyset-paged list: one page at a time, the next by its cursor. */
function list<T>(path: string, filter: Filter, limit = 50) {
  return infiniteQueryOptions({
    queryKey: [path, filter, limit],
    queryFn: ({ pageParam, signal }) => api.get<shapes.Page<T>>(path, { ...filter, limit, cursor: pageParam ?? undefined }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page: shapes.Page<T>) => page.next,
    placeholderData: keepPreviousData,
  })
}

function one<T>(path: string, filter: Filter = {}) {
  return queryOptions({ queryKey: [path, filter], queryFn: ({ signal }) => api.get<T>(path, filter, signal) })
}

const id = encodeURIComponent

export const ask = {
  me: () => one<shapes.Me | null>("/v1/me"),
  shop: () => one<shapes.Shop>("/v1/shop"),
  today: (team: string) => one<shapes.Today>("/v1/today", { team }),
  strategy: () => one<shapes.Strategy>("/v1/strategy"),
  customers: (filter: Filter) => list<shapes.CustomerRow>("/v1/customers", filter),
  customer: (key: string) => one<shapes.Customer360>(`/v1/customers/${id(key)}`),
  timeline: (key: string) => list<shapes.TimelineRow>(`/v1/customers/${id(key)}/timeline`, {}, 20),
  groups: (filter: Filter) => list<shapes.Group>("/v1/decisions/groups", filter),
  group: (key: string) => one<shapes.GroupDetail>(`/v1/decisions/groups/${id(key)}`),
  decisions: (filter: Filter) => list<shapes.DecisionRow>("/v1/decisions", filter),
  decision: (key: string) => one<shapes.DecisionDetail>(`/v1/decisions/${id(key)}`),
  demand: (filter: Filter) => list<shapes.DemandRow>("/v1/demand", filter),
  product: (key: string, store: string) => one<shapes.DemandDetail>(`/v1/demand/${id(key)}`, { store }),
  data: () => one<shapes.DataState>("/v1/data"),
  imports: () => one<shapes.Import[]>("/v1/imports"),
  rejects: (key: string) => list<shapes.Reject>(`/v1/imports/${id(key)}/rejects`, {}),
  jobs: () => one<shapes.Job[]>("/v1/jobs", { limit: 20 }),
  plays: () => one<shapes.Play[]>("/v1/plays"),
  teams: () => one<shapes.Team[]>("/v1/teams"),
  operators: () => one<shapes.Operator[]>("/v1/operators"),
  tokens: () => one<shapes.Token[]>("/v1/tokens"),
  audit: (filter: Filter) => list<shapes.AuditRow>("/v1/audit", filter),
}
