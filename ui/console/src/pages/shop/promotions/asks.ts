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
export type Preview = Schemas["PromotionPreview"]
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
  /** What goods are called, found by their own numbers. */
  titles: (skus: string[]) =>
    queryOptions({
      queryKey: ["/v1/trade/products", "titles", skus],
      queryFn: async ({ signal }) => {
        const pages = await Promise.all(skus.map((q) => take(client.GET("/v1/trade/products", { params: { query: { q, limit: 5 } }, signal }))))
        return pages.flatMap((page) => page.rows)
      },
      enabled: skus.length > 0,
      placeholderData: keepPreviousData,
      staleTime: 300_000,
    }),
  simulated: (body: Asked | null) =>
    queryOptions({
      queryKey: ["/v1/trade/pricing/simulate", body],
      queryFn: ({ signal }) => take(client.POST("/v1/trade/pricing/simulate", { body: body as Asked, signal })),
      enabled: body !== null,
      placeholderData: keepPreviousData,
    }),
  /** What a promotion would take off; a draft that cannot be yet is not asked about again. */
  preview: (draft: Draft | null) =>
    queryOptions({
      queryKey: ["/v1/trade/promotions/preview", draft],
      queryFn: ({ signal }) => take(client.POST("/v1/trade/promotions/preview", { body: draft as Draft, signal })),
      enabled: draft !== null,
      placeholderData: keepPreviousData,
      retry: false,
    }),
  members: (q: string) =>
    queryOptions({
      queryKey: ["/v1/trade/members", "few", q],
      queryFn: ({ signal }) => take(client.GET("/v1/trade/members", { params: { query: { q, limit: 20 } }, signal })),
      placeholderData: keepPreviousData,
    }),
  /** Members by their whole numbers, from the list: nobody's page is looked at for a name. */
  membersById: (ids: string[]) =>
    queryOptions({
      queryKey: ["/v1/trade/members", "named", ids],
      queryFn: async ({ signal }) => {
        const pages = await Promise.all(ids.map((q) => take(client.GET("/v1/trade/members", { params: { query: { q, limit: 1 } }, signal }))))
        return pages.flatMap((page) => page.rows.map((row) => row.member))
      },
      staleTime: 300_000,
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
  batch: (batch_id: string) =>
    queryOptions({
      queryKey: ["/v1/trade/coupon-batches", batch_id],
      queryFn: ({ signal }) => take(client.GET("/v1/trade/coupon-batches/{batch_id}", { params: { path: { batch_id } }, signal })),
      enabled: batch_id !== "",
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
