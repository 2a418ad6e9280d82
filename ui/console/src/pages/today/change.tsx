import { useTranslation } from "react-i18next"
import type { Change } from "../../lib/shapes"
import { useFormats } from "../../lib/i18n"
import { Term } from "../../parts/explain"
import { Diverging } from "../../parts/viz"

const known = ["customers", "frequency", "basket", "items", "units", "price", "returns", "mix", "visits", "orders", "guests", "new", "returning"] as const

/** Last week's revenue against the week before, in parts that add up exactly. */
export function ChangeCard({ change, asOf }: { change: Change | null; asOf: string | null }) {
  const { t } = useTranslation("today")
  const f = useFormats()
  const partName = (key: string) => {
    const name = known.find((one) => one === key)
    return name ? t(`part.${name}`) : t("part.other", { key })
  }
  if (!change) {
    return (
      <section className="sheet pad" aria-labelledby="change">
        <h2 id="change">{t("change")}</h2>
        <p className="lead">{t("changeNone")}</p>
      </section>
    )
  }
  const diff = change.revenue_minor - change.previous_minor
  const parts = f.column(change.parts.map((part) => part.change_minor))
  const most = Math.max(...change.parts.map((part) => Math.abs(part.change_minor)))
  const words = {
    week: f.day(change.week_start, "short"),
    revenue: f.money(change.revenue_minor),
    diff: f.money(diff, { signed: true }),
    percent: f.signedPercent(diff / (change.previous_minor || 1)),
  }
  return (
    <section className="sheet pad" aria-labelledby="change">
      <h2 id="change">
        <Term of="change" asOf={asOf}>
          {t("change")}
        </Term>
      </h2>
      <p className="lead">{t("changeSum", words)}</p>
      <table className="plaintable">
        <tbody>
          {change.parts.map((part) => (
            <tr key={part.key}>
              <th scope="row">{partName(part.key)}</th>
              <td className="effect">
                <Diverging value={part.change_minor} most={most} />
              </td>
              <td className="r num">{parts.money(part.change_minor, { signed: true })}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="soft small">{t("changeExact")}</p>
    </section>
  )
}
