import { Fragment } from "react"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { useFormats } from "../../../lib/i18n"
import type { Planned, Tier, Way } from "../../../lib/shapes"

type Props = { plan: Planned; tiers: Tier[]; ways: Way[] }
type Cells = Planned["cells"]

/** Customers and spend by tier and way; a tier leads to its customers at risk. */
export function ReachedCard({ plan, tiers, ways }: Props) {
  const { t } = useTranslation(["allocation", "lifecycle"])
  const of = (tier?: Tier, way?: Way) => plan.cells.filter((cell) => (!tier || cell.tier === tier) && (!way || cell.way === way))
  const row = (tier?: Tier) => (
    <>
      {ways.map((way) => (
        <Fragment key={way}>
          <Sum cells={of(tier, way)} />
        </Fragment>
      ))}
      <Sum cells={of(tier)} />
    </>
  )
  return (
    <section className="sheet pad" aria-labelledby="who">
      <h2 id="who">{t("who")}</h2>
      <p className="soft small">{t("whoLead")}</p>
      <div className="dscroll" tabIndex={0} role="region" aria-label={t("who")}>
        <table className="plaintable matrix">
          <thead>
            <tr>
              <th scope="col">{t("tier")}</th>
              {ways.map((way) => (
                <th key={way} scope="col" className="r">
                  {t(`way.${way}`)}
                </th>
              ))}
              <th scope="col" className="r">
                {t("all")}
              </th>
            </tr>
          </thead>
          <tbody>
            {tiers.map((tier) => (
              <tr key={tier}>
                <th scope="row">
                  <Link to={`/customers?stage=at_risk&tier=${tier}`}>{t(`lifecycle:tiers.${tier}`)}</Link>
                </th>
                {row(tier)}
              </tr>
            ))}
            {tiers.length > 1 && (
              <tr className="total">
                <th scope="row">{t("all")}</th>
                {row()}
              </tr>
            )}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Sum({ cells }: { cells: Cells }) {
  const { t } = useTranslation("allocation")
  const f = useFormats()
  const sum = (pick: (cell: Cells[number]) => number) => cells.reduce((all, cell) => all + pick(cell), 0)
  const customers = sum((cell) => cell.customers)
  return (
    <td className="r cell num">
      {customers ? f.whole(customers) : <span className="soft">0</span>}
      {customers > 0 && (
        <>
          <small className="soft">{t("cellSpend", { spend: f.money(sum((cell) => cell.spend_minor)) })}</small>
          <small className="soft">{t("cellGain", { gain: f.money(sum((cell) => cell.gain_minor), { signed: true }) })}</small>
        </>
      )}
    </td>
  )
}
