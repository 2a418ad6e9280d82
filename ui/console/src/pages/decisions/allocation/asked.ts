import { useQuery } from "@tanstack/react-query"
import { useEffect, useMemo, useState } from "react"
import { ask } from "../../../lib/queries"
import { tiers, ways, type Tier, type Way, type WhatIf } from "../../../lib/shapes"

/** The limits as the address has them: "" is what the shop's rules say, "none" is no limit; shares in percent. */
export const plain = { budget: "", messages: "", calls: "", high: "", mid: "", low: "", tiers: "high", ways: "message,coupon,call" }
export type Url = typeof plain
/** What the rules say today; null is no limit. */
export type Rules = { budget: number | null; calls: number | null; mid: number | null }

/** The win-back play's weekly budget, in whole money, the calls of a week, and the middle tier's share in percent. */
export function useRules(unit: number): Rules | undefined {
  const shop = useQuery(ask.shop()).data
  const plays = useQuery(ask.plays()).data
  if (!shop || !plays) return undefined
  const budget = plays.find((row) => row.play === "win_back")?.budget_minor ?? null
  const calls = shop.assumptions.find((row) => row.key === "calls_per_week")?.value ?? null
  const mid = shop.assumptions.find((row) => row.key === "winback_mid_share")?.value ?? 0
  return { budget: budget === null ? null : budget / unit, calls, mid: budget !== null && mid > 0 ? mid * 100 : null }
}

export function limitOf(text: string, rule: number | null): number | null {
  if (text === "none") return null
  const number = Number(text)
  return text === "" || !Number.isFinite(number) || number < 0 ? rule : number
}

const chosen = <T extends string>(text: string, known: readonly T[]): T[] => known.filter((one) => text.split(",").includes(one))
export const tiersOf = (url: Url): Tier[] => chosen(url.tiers, tiers)
export const waysOf = (url: Url): Way[] => chosen(url.ways, ways)

export function askedOf(url: Url, rules: Rules, unit: number): WhatIf {
  const budget = limitOf(url.budget, rules.budget)
  const some = (entries: [string, number | null][]): Record<string, number> => Object.fromEntries(entries.flatMap(([key, value]) => (value === null ? [] : [[key, value]])))
  const share = (tier: Tier) => limitOf(url[tier], tier === "mid" ? rules.mid : null)
  const shared = tiersOf(url).filter((tier) => budget !== null && share(tier) !== null)
  return {
    budget_minor: budget === null ? null : Math.round(budget * unit),
    capacity: some([
      ["message", limitOf(url.messages, null)],
      ["phone", limitOf(url.calls, rules.calls)],
    ]),
    tier_share: some(shared.map((tier) => [tier, Math.min(100, share(tier) ?? 100) / 100])),
    tiers: tiersOf(url),
    ways: waysOf(url),
  }
}

/** A value once it has rested, so that typing does not ask at every key. */
export function useRested<T>(value: T, wait = 350): T {
  const key = useMemo(() => JSON.stringify(value), [value])
  const [rested, setRested] = useState(key)
  useEffect(() => {
    const timer = setTimeout(() => setRested(key), wait)
    return () => clearTimeout(timer)
  }, [key, wait])
  return useMemo(() => JSON.parse(rested) as T, [rested])
}
