import { useMemo } from "react"
import { useTranslation } from "react-i18next"
import { i18n } from "./i18n"
import type { Group, Team, Why } from "./shapes"
import { useFormats } from "./i18n"

const plays = ["stock_up", "repeat_reminder", "win_back", "complement"] as const
const ways = ["message", "coupon", "call"] as const
export type PlayKey = (typeof plays)[number] | "other"
export const playKey = (play: string): PlayKey => plays.find((known) => known === play) ?? "other"

const bundle = (lang: string, part: "departments" | "categories") =>
  (i18n.getResource(lang, "shopnames", part) ?? {}) as Record<string, string>

export type ShopName = { text: string; original: string; known: boolean }

/** Departments and categories of the demo shop under our own names; other shops' names stay as they are. */
export function useShopNames() {
  const { i18n: now } = useTranslation("common")
  const lang = now.language
  return useMemo(() => {
    const departments = bundle(lang, "departments")
    const categories = bundle(lang, "categories")
    const one = (name: string) => departments[name] ?? categories[name]
    const name = (path: string | null | undefined): ShopName => {
      const parts = (path ?? "").split(" > ").filter(Boolean)
      const last = [...parts].reverse().find((part) => one(part)) ?? parts.at(-1) ?? ""
      return { text: one(last) ?? last, original: path ?? "", known: one(last) !== undefined }
    }
    return { name, text: (path: string | null | undefined) => name(path).text }
  }, [lang])
}

/** What a group of decisions is called: "Stock up 84 products of Produce for next week". */
export function useTitles() {
  const { t } = useTranslation("common")
  const names = useShopNames()
  const groupTitle = (group: Pick<Group, "play" | "group_key" | "count" | "title_params">) => {
    const customers = Number(group.title_params["customers"] ?? group.count)
    const key = playKey(group.play)
    const count = key === "stock_up" || key === "other" ? group.count : customers
    const way = key === "win_back" ? ways.find((one) => one === group.group_key) : undefined
    const named = way ? t(`way.${way}`) : names.text(group.group_key)
    // Inside an English sentence a name of ours is an ordinary noun.
    const what = i18n.language === "en" ? named.charAt(0).toLowerCase() + named.slice(1) : named
    return t(`play.${key}.title`, { count, what, play: group.play })
  }
  return { groupTitle, playName: (play: string) => t(`play.${playKey(play)}.name`, { play }) }
}

type Param = string | number

/** A reason in the reader's words: the code picks the sentence, the parameters are formatted by their names. */
export function useReasons() {
  const { t } = useTranslation("common")
  const f = useFormats()
  const names = useShopNames()
  return (why: Why, also: Record<string, unknown> = {}) => {
    const shown: Record<string, Param> = {}
    const given: Record<string, unknown> = { ...also, ...why.params }
    const { since_days, rhythm_days } = given
    if (typeof since_days === "number") shown["ago"] = t("ago", { count: Math.round(since_days) })
    if (rhythm_days !== undefined) shown["rhythm"] = typeof rhythm_days === "number" ? rhythmOf(Math.round(rhythm_days)) : t("dash")
    for (const [key, value] of Object.entries(given)) {
      if (key === "count") continue
      if (typeof value === "number") shown[key] = number(key, value)
      else if (key === "group" || key === "department" || key === "category") shown[key] = names.text(String(value))
      else if (typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value)) shown[key] = f.day(value, "short")
      else shown[key] = String(value)
    }
    const key = `why.${why.code}`
    if (i18n.exists(key, { ns: "common", count: 2 })) return t(key as "why.other", { ...shown, code: why.code })
    return t("why.other", { code: why.code })
  }
  function rhythmOf(days: number): string {
    return days <= 1 ? t("rhythm.daily") : t("rhythm.every", { count: days })
  }
  function number(key: string, value: number): Param {
    if (key.endsWith("_minor")) return f.money(value)
    if (/share|probability|rate|ratio|response|alive/.test(key)) return f.percent(value)
    return f.quantity(value)
  }
}

const teamKeys = ["growth", "supply", "service", "content", "platform"] as const

export function useTeamName(teams: Team[] | undefined) {
  const { t, i18n: now } = useTranslation("common")
  return (key: string) => {
    const row = teams?.find((team) => team.key === key)
    if (row) return now.language === "zh" ? row.name_zh : row.name_en
    const known = teamKeys.find((name) => name === key)
    return known ? t(`team.${known}`) : key
  }
}
