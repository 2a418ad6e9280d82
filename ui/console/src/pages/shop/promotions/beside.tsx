import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import type { Quoted } from "./asks"
import { borne, cutsOf } from "./steps"

/** Two quotes, figure by figure, and what the second changes. */
export function Beside({ a, b }: { a: Quoted; b: Quoted }) {
  const { t } = useTranslation("pricing")
  const f = useFormats()
  const cuts = [cutsOf(a), cutsOf(b)] as const
  const rows: [string, number, number, boolean?][] = [
    [t("sim.goods"), a.subtotal_minor, b.subtotal_minor],
    [t("sim.discounts"), -(a.discount_minor - a.delivery_discount_minor), -(b.discount_minor - b.delivery_discount_minor)],
    [t("sim.delivery"), a.delivery_minor - a.delivery_discount_minor, b.delivery_minor - b.delivery_discount_minor],
    ...(a.tax_inclusive ? [] : ([[t("sim.taxOn"), a.tax_minor, b.tax_minor]] as [string, number, number][])),
    [t("sim.pays"), a.total_minor, b.total_minor, true],
    ...(["platform", "seller", "creator"] as const).map((who): [string, number, number] => [t("sim.bornBy", { who: t(`bearer.${who}`) }), borne(cuts[0], who), borne(cuts[1], who)]),
  ]
  const money = (minor: number, signed = false) => f.money(minor, { exact: true, signed })
  return (
    <section className="sheet pad acrossboth" aria-label={t("sim.beside")}>
      <h2>{t("sim.beside")}</h2>
      <div className="scroll">
        <table className="plaintable">
          <thead>
            <tr>
              <td />
              <th scope="col" className="r">
                {t("sim.a")}
              </th>
              <th scope="col" className="r">
                {t("sim.b")}
              </th>
              <th scope="col" className="r">
                {t("sim.difference")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows
              .filter(([, one, other]) => one || other)
              .map(([name, one, other, strong]) => (
                <tr key={name} className={strong ? "strong" : ""}>
                  <th scope="row">{name}</th>
                  <td className="r num">{money(one)}</td>
                  <td className="r num">{money(other)}</td>
                  <td className="r num">{one === other ? "\u2013" : money(other - one, true)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
