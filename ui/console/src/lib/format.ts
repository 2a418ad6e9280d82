import type { Interval } from "./shapes"

export type Lang = "zh" | "en"

const tag = (lang: Lang) => (lang === "zh" ? "zh-CN" : "en-US")
const minus = (text: string) => text.replace("-", "\u2212")
const made = new Map<string, Intl.NumberFormat>()

function numbers(lang: Lang, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = lang + JSON.stringify(options)
  const known = made.get(key)
  if (known) return known
  const fresh = new Intl.NumberFormat(tag(lang), options)
  made.set(key, fresh)
  return fresh
}

/** How many minor units make one: 100 for most, 1 for the yen, 1000 for the dinar. */
function minorUnits(currency: string): number {
  const digits = numbers("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2
  return 10 ** digits
}

export type MoneyOptions = { signed?: boolean; compact?: boolean; bare?: boolean; exact?: boolean; digits?: number }

/**
 * The console's numbers in one language and one currency. Money comes in minor units. A figure of its own is
 * whole from a hundred units on; the figures of a column share their digits, whole once one reaches a thousand.
 */
export function formats(lang: Lang, currency: string) {
  const unit = minorUnits(currency)
  const full = Math.log10(unit)
  const digitsOf = (minor: number) => (Math.abs(minor) >= 100 * unit || minor === 0 ? 0 : full)

  function money(minor: number, options: MoneyOptions = {}): string {
    const digits = options.exact ? full : (options.digits ?? digitsOf(minor))
    const compact = options.compact && Math.abs(minor) >= 10_000 * unit
    const format = numbers(lang, {
      ...(options.bare ? {} : { style: "currency", currency, currencyDisplay: "narrowSymbol" }),
      ...(compact
        ? { notation: "compact", maximumFractionDigits: 1 }
        : { minimumFractionDigits: digits, maximumFractionDigits: digits }),
      signDisplay: options.signed ? "exceptZero" : "negative",
    })
    return minus(format.format(minor / unit))
  }

  const whole = (value: number) => minus(numbers(lang, { maximumFractionDigits: 0 }).format(Math.round(value) + 0))
  const decimal = (value: number, digits = 1) =>
    minus(numbers(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value))
  const compact = (value: number) =>
    Math.abs(value) < 10_000
      ? whole(value)
      : minus(numbers(lang, { notation: "compact", maximumFractionDigits: 1 }).format(value))
  const percent = (value: number, digits = 0) =>
    minus(
      numbers(lang, { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value),
    )
  const signedPercent = (value: number, digits = 1) => (value > 0 ? "+" : "") + percent(value, digits)
  /** Units and people: whole when large, one digit when the tenth says something. */
  const quantity = (value: number) => (Math.abs(value) >= 10 || Math.abs(value - Math.round(value)) < 0.05 ? whole(value) : decimal(value))

  const day = (iso: string, style: "medium" | "short" = "medium") => {
    const options: Intl.DateTimeFormatOptions =
      style === "short" ? { month: "short", day: "numeric" } : { dateStyle: lang === "zh" ? "long" : "medium" }
    return new Intl.DateTimeFormat(tag(lang), { ...options, timeZone: "UTC" }).format(new Date(`${iso.slice(0, 10)}T00:00:00Z`))
  }
  /** A local clock reading as the shop saw it: no zone is applied. */
  const localTime = (naive: string) => {
    const at = new Date(`${naive.slice(0, 19)}Z`)
    return new Intl.DateTimeFormat(tag(lang), { dateStyle: "medium", timeStyle: "short", hourCycle: "h23", timeZone: "UTC" }).format(at)
  }
  /** A moment in UTC, shown on the reader's own clock. */
  const moment = (iso: string) =>
    new Intl.DateTimeFormat(tag(lang), { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" }).format(new Date(iso))
  const month = (iso: string) =>
    new Intl.DateTimeFormat(tag(lang), { year: "numeric", month: "short", timeZone: "UTC" }).format(new Date(`${iso.slice(0, 7)}-01T00:00:00Z`))
  const weekday = (monday0: number) =>
    new Intl.DateTimeFormat(tag(lang), { weekday: "short", timeZone: "UTC" }).format(new Date(Date.UTC(2024, 0, 1 + monday0)))
  const bytes = (value: number) => {
    const step = value >= 1 << 30 ? (["gigabyte", 1 << 30] as const) : value >= 1 << 20 ? (["megabyte", 1 << 20] as const) : (["kilobyte", 1024] as const)
    return numbers(lang, { style: "unit", unit: step[0], maximumFractionDigits: 1 }).format(value / step[1])
  }
  /** An interval as one figure: its ends and its middle have the digits of the widest end. */
  const moneyRange = (range: Interval, digits = digitsOf(Math.max(Math.abs(range.low), Math.abs(range.high)))) => {
    const bare = (minor: number) => money(minor, { bare: true, digits })
    return { low: bare(range.low), high: bare(range.high), mid: money(range.mid, { digits }), gain: money(range.mid, { digits, signed: true }) }
  }
  /** Money of one column: the same digits in every row, and for both ends of its intervals. */
  const column = (amounts: (number | Interval | null | undefined)[]) => {
    const sizes = amounts.flatMap((one) => (one == null ? [] : typeof one === "number" ? [one] : [one.low, one.high]))
    const digits = sizes.some((minor) => Math.abs(minor) >= 1000 * unit) ? 0 : full
    return {
      money: (minor: number, options: MoneyOptions = {}) => money(minor, { digits, ...options }),
      range: (range: Interval) => moneyRange(range, digits),
    }
  }
  return { lang, currency, unit, money, moneyRange, column, whole, decimal, compact, percent, signedPercent, quantity, day, localTime, moment, month, weekday, bytes }
}

export type Formats = ReturnType<typeof formats>

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / 86_400_000)
}

export function addDays(iso: string, days: number): string {
  return new Date(Date.parse(iso.slice(0, 10)) + days * 86_400_000).toISOString().slice(0, 10)
}

/** A round number at or above the value, for the end of a scale. */
export function roundUp(value: number): number {
  if (value <= 0) return 1
  const size = 10 ** Math.floor(Math.log10(value))
  const steps = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]
  return (steps.find((step) => step * size >= value) ?? 10) * size
}
