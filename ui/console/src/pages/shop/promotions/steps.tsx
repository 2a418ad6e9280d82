import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { useFormats } from "../../../lib/i18n"
import type { Quoted } from "./asks"
import { useBoth } from "./words"

type Step = Quoted["steps"][number]
type Cut = Quoted["delivery_cuts"][number]
const bearers = ["platform", "seller", "creator"] as const

export const cutsOf = (quote: Quoted): Cut[] => [...quote.delivery_cuts, ...quote.lines.flatMap((line) => line.cuts)]
export const borne = (cuts: Cut[], who: (typeof bearers)[number]) => cuts.reduce((sum, cut) => sum + cut[`${who}_minor`], 0)

/** From the list prices down to what there is to pay: each step with its reason, who bears it and what is left. */
export function Steps({ title, quote }: { title?: string; quote: Quoted }) {
  const { t } = useTranslation(["pricing", "common"])
  const f = useFormats()
  const money = (minor: number) => f.money(minor, { exact: true })
  const list = quote.lines.reduce((sum, line) => sum + line.list_unit_minor * line.quantity, 0)
  const applied = quote.steps.filter((step) => step.applied)
  const cuts = cutsOf(quote)
  let left = quote.subtotal_minor + quote.delivery_minor
  return (
    <section className="sheet pad" aria-label={title ?? t("sim.why")}>
      <div className="stephead">
        <h2>{title ?? t("sim.why")}</h2>
        <p>
          <span className="soft small">{t("sim.pays")}</span> <strong className="big num">{money(quote.total_minor)}</strong>
        </p>
      </div>
      <ol className="whys">
        <Row name={t("sim.goods")} amount={money(list)} />
        {list > quote.subtotal_minor && <Row on name={t("sim.lists")} why={t("sim.listsWhy")} amount={money(quote.subtotal_minor - list)} left={t("sim.left", { amount: money(quote.subtotal_minor) })} />}
        {quote.delivery_minor > 0 && <Row name={t("sim.delivery")} amount={money(quote.delivery_minor)} />}
        {applied.map((step) => {
          left -= step.amount_minor
          return <Applied key={step.id} step={step} cuts={cuts.filter((cut) => cut.id === step.id)} left={left} />
        })}
        {!quote.tax_inclusive && <Row name={t("sim.taxOn")} amount={money(quote.tax_minor)} />}
        <Row strong name={t("sim.pays")} why={quote.tax_inclusive ? t("sim.taxWithinSaid", { amount: money(quote.tax_minor) }) : undefined} amount={money(quote.total_minor)} />
      </ol>
      <Borne cuts={cuts} />
      <Rest quote={quote} />
    </section>
  )
}

function Applied({ step, cuts, left }: { step: Step; cuts: Cut[]; left: number }) {
  const { t } = useTranslation("pricing")
  const f = useFormats()
  const both = useBoth()
  const money = (minor: number) => f.money(minor, { exact: true })
  const shares = bearers.map((who) => [who, borne(cuts, who)] as const).filter(([, minor]) => minor > 0)
  return (
    <Row
      on
      name={
        <>
          <Link to={`/shop/promotions?one=${step.id}`}>{both(step.name)}</Link> {step.code && <code>{step.code}</code>}
        </>
      }
      why={
        <>
          {both(step.why)} {t("sim.bears", { who: shares.map(([who, minor]) => t("sim.share", { who: t(`bearer.${who}`), amount: money(minor) })).join(t("listed")) })}
        </>
      }
      amount={money(-step.amount_minor)}
      left={t("sim.left", { amount: money(left) })}
    />
  )
}

function Row({ on, strong, name, why, amount, left }: { on?: boolean; strong?: boolean; name: ReactNode; why?: ReactNode; amount: string; left?: string }) {
  return (
    <li className={[on ? "applied" : "", strong ? "pays" : ""].join(" ").trim()}>
      <span className="mark" aria-hidden />
      <span>
        <strong>{name}</strong>
        {why && <span className="reason">{why}</span>}
      </span>
      <span className="num stepamount">
        {amount}
        {left && <span className="reason">{left}</span>}
      </span>
    </li>
  )
}

/** Who pays for the discounts together. */
function Borne({ cuts }: { cuts: Cut[] }) {
  const { t } = useTranslation("pricing")
  const f = useFormats()
  const found = bearers.map((who) => [who, borne(cuts, who)] as const).filter(([, minor]) => minor > 0)
  if (!found.length) return null
  return (
    <dl className="bornes" aria-label={t("form.bearers")}>
      <dt>{t("form.bearers")}</dt>
      {found.map(([who, minor]) => (
        <dd key={who}>
          {t(`bearer.${who}`)} <span className="num">{f.money(minor, { exact: true })}</span>
        </dd>
      ))}
    </dl>
  )
}

/** What did not apply, and why not. */
function Rest({ quote }: { quote: Quoted }) {
  const { t } = useTranslation("pricing")
  const both = useBoth()
  const rest = quote.steps.filter((step) => !step.applied)
  if (!quote.steps.length && !quote.refused_codes.length) return <p className="soft small">{t("sim.nothingRuns")}</p>
  if (!rest.length && !quote.refused_codes.length) return null
  return (
    <>
      <h3 className="resthead">{t("sim.notApplied")}</h3>
      <ul className="whys rest">
        {rest.map((step) => (
          <li key={step.id}>
            <span className="mark" aria-hidden />
            <span>
              <Link to={`/shop/promotions?one=${step.id}`}>{both(step.name)}</Link> {step.code && <code>{step.code}</code>}
              <span className="reason">{both(step.why)}</span>
            </span>
          </li>
        ))}
        {quote.refused_codes.map((one) => (
          <li key={one.code}>
            <span className="mark" aria-hidden />
            <span>
              <code>{one.code}</code>
              <span className="reason">{both(one.why)}</span>
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
