import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query"
import type { components } from "../../../api.gen"
import { client, take } from "../../../lib/api"

type Schemas = components["schemas"]
export type Promotion = Schemas["PromotionShown"]
export type Draft = Schemas["PromotionBody"]
export type Benefit = Schemas["PromotionBenefit"]
export type Both = Schemas["BothWords"]
export type Quoted = Schemas["Quoted"]
export type Asked = Schemas["BasketAsked"]
export type Batch = Schemas["CouponBatchShown"]
export type Coupon = Schemas["CouponShown"]
export type CouponState = Coupon["state"]
export type PromotionState = Promotion["state"]

export const channel = "online"
export const states = ["draft", "live", "paused", "ended"] as const
export const couponStates = ["issued", "locked", "redeemed", "released", "expired"] as const
export const kinds = ["percent", "amount", "fixed_price", "buy_get", "threshold", "free_delivery"] as const

const paged = { initialPageParam: null as string | null, getNextPageParam: (page: { next: string | null }) => page.next, placeholderData: keepPreviousData }

export const asks = {
  promotions: (q: string, state?: PromotionState, trigger?: Draft["trigger"]) =>
    infiniteQueryOptions({
      queryKey: ["/v1/trade/promotions", q, state, trigger],
      queryFn: ({ pageParam, signal }) => take(client.GET("/v1/trade/promotions", { params: { query: { q, state, trigger, cursor: pageParam, limit: 50 } }, signal })),
      ...paged,
    }),
  promotion: (promotion_id: string) =>
    queryOptions({
      queryKey: ["/v1/trade/promotions", promotion_id],
      queryFn: ({ signal }) => take(client.GET("/v1/trade/promotions/{promotion_id}", { params: { path: { promotion_id } }, signal })),
      enabled: promotion_id !== "",
    }),
  policy: () =>
    queryOptions({
      queryKey: ["/v1/trade/pricing/policy"],
      queryFn: ({ signal }) => take(client.GET("/v1/trade/pricing/policy/{channel_id}", { params: { path: { channel_id: channel } }, signal })),
    }),
  products: (q: string) =>
    queryOptions({
      queryKey: ["/v1/trade/products", "few", q],
      queryFn: ({ signal }) => take(client.GET("/v1/trade/products", { params: { query: { q, limit: 20 } }, signal })),
      placeholderData: keepPreviousData,
    }),
  categories: () => queryOptions({ queryKey: ["/v1/trade/categories"], queryFn: ({ signal }) => take(client.GET("/v1/trade/categories", { signal })) }),
  sellers: () => queryOptions({ queryKey: ["/v1/trade/sellers"], queryFn: ({ signal }) => take(client.GET("/v1/trade/sellers", { signal })) }),
  tiers: () => queryOptions({ queryKey: ["/v1/trade/tiers"], queryFn: ({ signal }) => take(client.GET("/v1/trade/tiers", { signal })) }),
  batches: () =>
    infiniteQueryOptions({
      queryKey: ["/v1/trade/coupon-batches"],
      queryFn: ({ pageParam, signal }) => take(client.GET("/v1/trade/coupon-batches", { params: { query: { cursor: pageParam, limit: 50 } }, signal })),
      ...paged,
    }),
  coupons: (batch: string, state: CouponState | undefined, code: string) =>
    infiniteQueryOptions({
      queryKey: ["/v1/trade/coupons", batch, state, code],
      queryFn: ({ pageParam, signal }) => take(client.GET("/v1/trade/coupons", { params: { query: { batch: batch || undefined, state, code, cursor: pageParam, limit: 50 } }, signal })),
      ...paged,
    }),
  coupon: (coupon_id: string) =>
    queryOptions({
      queryKey: ["/v1/trade/coupons", coupon_id],
      queryFn: ({ signal }) => take(client.GET("/v1/trade/coupons/{coupon_id}", { params: { path: { coupon_id } }, signal })),
      enabled: coupon_id !== "",
    }),
}
