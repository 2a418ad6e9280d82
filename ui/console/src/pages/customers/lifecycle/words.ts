import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import { stages, tiers, type LifecycleFlow, type Standing } from "../../../lib/shapes"

export type Move = { was: string | null; now: string | null; customers: number }
export type Moved = { was: string | null; now: string }

/** Every move of a flow, those who stayed included: whoever was there and did not leave. */
export function movesOf(flow: LifecycleFlow): Move[] {
  const stayed = Object.entries(flow.opening).map(([place, customers]) => {
    const left = flow.moves.reduce((all, move) => all + (move.was === place ? move.customers : 0), 0)
    return { was: place, now: place, customers: customers - left }
  })
  return [...stayed, ...flow.moves].filter((move) => move.customers > 0)
}

/** The name of a stage, of a tier, or of both as "stage/tier". */
export function usePlaceName() {
  const { t } = useTranslation("lifecycle")
  const one = (name: string) => {
    const stage = stages.find((known) => known === name)
    const tier = tiers.find((known) => known === name)
    return stage ? t(`stages.${stage}`) : tier ? t(`tiers.${tier}`) : name
  }
  return (name: string) => name.split("/").map(one).join(" \u00b7 ")
}

/** Why somebody stands where they stand, in a sentence. */
export function useStandingWhy() {
  const { t } = useTranslation(["lifecycle", "common"])
  const f = useFormats()
  return (why: Standing["why"]) => {
    const figure = (key: string) => {
      const value = why.params[key] ?? 0
      return /alive|lateness|evidence/.test(key) ? f.percent(value, value > 0.99 ? 1 : 0) : f.quantity(value)
    }
    return t(`why.${why.code}`, {
      purchase_days: figure("purchase_days"),
      recent: figure("recent"),
      recent_days: figure("recent_days"),
      recent_expected: figure("recent_expected"),
      evidence: figure("evidence"),
      silent_days: figure("silent_days"),
      ago: t("common:ago", { count: why.params["silent_days"] ?? 0 }),
      rhythm_days: figure("rhythm_days"),
      lateness: figure("lateness"),
      p_alive: figure("p_alive"),
      purchases_since: figure("purchases_since"),
    })
  }
}
