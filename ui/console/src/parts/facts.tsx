import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { useFormats } from "../lib/i18n"
import type { Role } from "../lib/shapes"
import { Spark } from "./viz"

const labels = [
  "probability", "due_on", "last_on", "rhythm_days", "orders", "spend_minor", "margin_minor", "unit_price_minor",
  "unit_margin_minor", "unit_scrap_minor", "evidence_weeks", "last_week", "weeks", "critical_ratio", "estimate", "due",
  "lines", "response", "response_low", "response_high", "margin_rate", "contact_cost_minor", "reminders_per_customer",
  "scrap_rate", "min_gain_minor", "units", "default_units", "method", "products", "customers", "price_minor", "horizon_days",
  "mean", "p10", "p50", "p90", "department", "category", "stocked", "budget_minor", "approve_limit_minor", "approve_role",
  "enabled", "team", "play", "reminder_response", "draws", "service_level",
  "plays_per_customer", "winback_response", "winback_coupon_response", "winback_coupon_rate", "winback_call_response", "call_cost_minor", "calls_per_week",
  "complement_response", "refused_marketing", "winback_mid_share", "left_mid", "price_mid", "usual_likelihood", "likelihood", "times", "learnt_from", "at_risk", "gap", "left_phone", "price_phone", "left_budget", "price_budget",
  "tier", "since", "silent_days", "p_alive", "value_minor", "stake_minor", "coupon_minor",
  "goes_with", "bought_on", "together", "lift", "found", "scale",
] as const

const limits = new Set(["budget_minor", "approve_limit_minor"])
const policies = new Set(["last_week", "none"])

type Facts = Record<string, unknown>

const shares = /(probability|likelihood|_rate|_ratio|^share|_share$|response|alive|_level|^gap$|^left_mid$)/

/** Figures behind a decision, each under its own name; a key without a name of ours is shown as it is. */
export function FactList({ facts, linkTo }: { facts: Facts; linkTo?: string }) {
  const { t } = useTranslation(["decisions", "common"])
  const show = useFactValue()
  const rows = Object.entries(facts).filter(([, value]) => value !== undefined)
  const name = (key: string) => {
    const known = labels.find((label) => label === key)
    return known ? t(`fact.${known}`) : key
  }
  if (!rows.length) return <p className="soft small">{t("factsNone")}</p>
  return (
    <>
      <dl className="facts">
        {rows.map(([key, value]) => (
          <div key={key} className="contents">
            <dt>{name(key)}</dt>
            <dd className="num">{show(key, value)}</dd>
          </div>
        ))}
      </dl>
      {linkTo && (
        <p className="small factlink">
          <Link to={linkTo}>{t("editAssumptions")}</Link>
        </p>
      )}
    </>
  )
}

export function useFactValue() {
  const { t } = useTranslation(["decisions", "common"])
  const f = useFormats()
  return (key: string, value: unknown) => {
    if (value === null) return t(limits.has(key) ? "noLimit" : "common:none")
    if (key === "approve_role") return t(`common:role.${value as Role}`)
    if (typeof value === "string" && policies.has(value)) return t(`policy.${value as "last_week"}`)
    if (typeof value === "boolean") return t(value ? "yes" : "no")
    if (Array.isArray(value)) {
      const numbers = value.filter((one): one is number => typeof one === "number")
      return numbers.length ? <Spark values={numbers} width={140} bars={numbers.length <= 16} /> : value.map(String).join(", ")
    }
    if (typeof value === "number") {
      if (key.endsWith("_minor") || key.startsWith("price_") || key === "left_budget") return f.money(value, { exact: true })
      if (shares.test(key)) return f.percent(value, value < 0.1 ? 1 : 0)
      return f.quantity(value)
    }
    if (typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value)) return f.day(value)
    if (typeof value === "object") return Object.entries(value as Facts).map(([name, one]) => `${name} ${String(one)}`).join(", ")
    return String(value)
  }
}
