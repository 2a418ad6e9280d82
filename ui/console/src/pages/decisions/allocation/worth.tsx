import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { useFormats } from "../../../lib/i18n"
import type { Planned, PlannedLimit } from "../../../lib/shapes"
import { Figure, Term } from "../../../parts/explain"
import { BasisTag } from "../../../parts/tags"
import { stepOf, tierOf } from "./words"

type Props = { plan: Planned; asOf: string }

/** What the plan is expected to bring, and how far from the best it can be at most. */
export function WorthCard({ plan, asOf }: Props) {
  const { t } = useTranslation(["allocation", "common"])
  const f = useFormats()
  const range = f.moneyRange(plan.gain_minor)
  return (
    <section className="sheet pad worth" aria-labelledby="worth" aria-live="polite">
      <h2 id="worth" className="sr">
        {t("worth")}
      </h2>
      <dl className="sums">
        <div>
          <dt>
            <Term of="assumedGain" asOf={asOf}>
              {t("gain")}
            </Term>{" "}
            <BasisTag basis="assumed" />
          </dt>
          <dd className="big hollow">
            <Figure of="assumedGain" asOf={asOf}>
              {range.gain}
            </Figure>{" "}
            <span className="range num">{t("interval", { low: range.low, high: range.high })}</span>
          </dd>
        </div>
        <div>
          <dt>{t("spend")}</dt>
          <dd className="big plain num">{f.money(plan.spend_minor)}</dd>
        </div>
        <div>
          <dt>{t("reached")}</dt>
          <dd className="big plain num">{t("reachedOf", { reached: f.whole(plan.reached), customers: f.whole(plan.customers) })}</dd>
        </div>
        <div>
          <dt>{t("gap")}</dt>
          <dd className="big plain num">{f.percent(plan.gap, plan.gap < 0.1 ? 2 : 0)}</dd>
        </div>
      </dl>
      <p className="small num">{plan.reached === 0 ? t("nobodyWorth") : t("bound", { bound: f.money(plan.bound_minor), missing: f.money(Math.max(0, plan.bound_minor - plan.gain_minor.mid)) })}</p>
      <p className="soft small">{t("assumed")}</p>
      <Link className="small" to="/settings?tab=assumptions">
        {t("toAssumptions")}
      </Link>
    </section>
  )
}

/** What one more step of each limit would bring, in words. */
export function PricesCard({ plan, asOf }: Props) {
  const { t } = useTranslation("allocation")
  return (
    <section className="sheet pad" aria-labelledby="prices">
      <h2 id="prices">
        <Term of="shadowPrice" asOf={asOf}>
          {t("prices")}
        </Term>
      </h2>
      <p className="soft small">{t(plan.limits.length ? "pricesLead" : "pricesNone")}</p>
      <ul className="prices num">
        {plan.limits.map((row) => (
          <Price key={`${row.kind} ${row.key}`} row={row} />
        ))}
      </ul>
    </section>
  )
}

function Price({ row }: { row: PlannedLimit }) {
  const { t } = useTranslation(["allocation", "lifecycle"])
  const f = useFormats()
  const tier = t(`lifecycle:tiers.${tierOf(row.key)}`)
  const name = row.kind === "budget" ? t("name.budget") : row.kind === "tier" ? t("name.tier", { tier }) : t(row.key === "phone" ? "name.phone" : "name.message")
  const figure = (value: number) => (row.kind === "budget" ? f.money(value) : row.kind === "tier" ? f.percent(value, 1) : f.whole(value))
  const brings = f.money(row.brings_minor ?? 0)
  const said =
    row.brings_minor === null
      ? t("unknown", { name })
      : row.brings_minor <= 0
        ? t("free", { name, left: figure(Math.max(0, row.left)) })
        : row.kind === "budget"
          ? t("more.budget", stepOf(row, f))
          : row.kind === "tier"
            ? t("more.tier", { tier, step: f.decimal(row.step * 100, 0), brings })
            : t(row.key === "phone" ? "more.phone" : "more.message", { brings })
  return (
    <li className={row.brings_minor ? "binds" : "soft"}>
      {said}
      <small className="soft block">{t("used", { name, used: figure(row.used), limit: figure(row.limit) })}</small>
    </li>
  )
}
