import type { Formats } from "../../../lib/format"
import { tiers, type PlannedLimit, type Tier } from "../../../lib/shapes"

// The API names tiers by plain words; these are the ones with names of ours.
export const tierOf = (key: string): Tier => tiers.find((tier) => tier === key) ?? "low"

/** A step of the budget and what it brings, in money: a tenth or a hundredth of the API's where the budget is small, as a price holds for little more. */
export function stepOf(row: PlannedLimit, f: Formats) {
  const part = [1, 10, 100].find((one) => row.step / one <= row.limit / 5) ?? 100
  return { step: f.money(row.step / part, { digits: 0 }), brings: f.money((row.brings_minor ?? 0) / part) }
}
