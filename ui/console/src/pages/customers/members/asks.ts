import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query"
import type { components } from "../../../api.gen"
import { client, take } from "../../../lib/api"

type Schemas = components["schemas"]
export type Listed = Schemas["MemberListed"]
export type Member = Schemas["MemberShown"]
export type MemberDetail = Schemas["MemberDetail"]
export type Address = Schemas["MemberAddress"]
export type Tier = Schemas["TierShown"]

export const asks = {
  members: (q: string, tier: string) =>
    infiniteQueryOptions({
      queryKey: ["/v1/trade/members", q, tier],
      // "-" in the address stands for members without a tier; the server is asked for an empty one.
      queryFn: ({ pageParam, signal }) =>
        take(client.GET("/v1/trade/members", { params: { query: { q, ...(tier ? { tier: tier === "-" ? "" : tier } : {}), cursor: pageParam, limit: 50 } }, signal })),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next,
      placeholderData: keepPreviousData,
    }),
  member: (member_id: string) =>
    queryOptions({
      queryKey: ["/v1/trade/members/{id}", member_id],
      queryFn: ({ signal }) => take(client.GET("/v1/trade/members/{member_id}", { params: { path: { member_id } }, signal })),
    }),
  coupons: (member: string) =>
    infiniteQueryOptions({
      queryKey: ["/v1/trade/coupons", "of", member],
      queryFn: ({ pageParam, signal }) => take(client.GET("/v1/trade/coupons", { params: { query: { member, cursor: pageParam, limit: 50 } }, signal })),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next,
    }),
  tiers: () => queryOptions({ queryKey: ["/v1/trade/tiers"], queryFn: ({ signal }) => take(client.GET("/v1/trade/tiers", { signal })) }),
}
