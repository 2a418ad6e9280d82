import { infiniteQueryOptions, keepPreviousData, queryOptions, type QueryClient } from "@tanstack/react-query"
import type { components } from "../../../api.gen"
import { client, take } from "../../../lib/api"

type Schemas = components["schemas"]
export type Overview = Schemas["PaymentsOverview"]
export type Transaction = Schemas["PaymentTransaction"]
export type Charge = Schemas["PaymentCharge"]
export type Refund = Schemas["PaymentRefund"]
export type Intent = Schemas["PaymentIntent"]
export type Notice = Schemas["PaymentNotice"]
export type Reconciliation = Schemas["PaymentReconciliation"]
export type Way = Schemas["PaymentWay"]
export type Faults = Schemas["Faults"]
export type Provider = Way["provider"]

const root = "/v1/trade/payments"
type Place = string | null

function paged<T>(key: unknown[], fetch: (cursor: Place, signal: AbortSignal) => Promise<{ rows: T[]; next: string | null }>) {
  return infiniteQueryOptions({
    queryKey: [root, ...key],
    queryFn: ({ pageParam, signal }) => fetch(pageParam, signal),
    initialPageParam: null as Place,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
}

/** A filter that is not set is not asked for. */
const set = <T extends string>(value: T | "") => value || undefined

export const asks = {
  overview: () => queryOptions({ queryKey: [root, "overview"], queryFn: ({ signal }) => take(client.GET(root, { signal })) }),
  ledger: (account: string, order_id: string) =>
    paged<Transaction>(["ledger", account, order_id], (cursor, signal) =>
      take(client.GET(`${root}/ledger`, { params: { query: { account: set(account), order_id: set(order_id), cursor, limit: 50 } }, signal })),
    ),
  charges: (standing: Charge["standing"] | "") =>
    paged<Charge>(["charges", standing], (cursor, signal) => take(client.GET(`${root}/charges`, { params: { query: { standing: set(standing), cursor, limit: 50 } }, signal }))),
  refunds: (state: Refund["state"] | "") =>
    paged<Refund>(["refunds", state], (cursor, signal) => take(client.GET(`${root}/refunds`, { params: { query: { state: set(state), cursor, limit: 50 } }, signal }))),
  intents: (state: Intent["state"] | "", order_id: string) =>
    paged<Intent>(["intents", state, order_id], (cursor, signal) =>
      take(client.GET(`${root}/intents`, { params: { query: { state: set(state), order_id: set(order_id), cursor, limit: 50 } }, signal })),
    ),
  notices: (verdict: Notice["verdict"] | "") =>
    paged<Notice>(["notices", verdict], (cursor, signal) => take(client.GET(`${root}/notices`, { params: { query: { verdict: set(verdict), cursor, limit: 50 } }, signal }))),
  reconciliations: () => queryOptions({ queryKey: [root, "reconciliations"], queryFn: ({ signal }) => take(client.GET(`${root}/reconciliations`, { signal })) }),
  ways: () => queryOptions({ queryKey: [root, "ways"], queryFn: ({ signal }) => take(client.GET(`${root}/ways`, { signal })) }),
  faults: () => queryOptions({ queryKey: [root, "faults"], queryFn: ({ signal }) => take(client.GET(`${root}/sandbox/faults`, { signal })), retry: false }),
}

/** Everything of payments is asked again after a change. */
export const renew = (queries: QueryClient) => queries.invalidateQueries({ queryKey: [root] })
