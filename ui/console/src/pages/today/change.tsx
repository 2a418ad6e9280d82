import { useTranslation } from "react-i18next"
import type { Change } from "../../lib/shapes"
import { useFormats } from "../../lib/i18n"
import { Term } from "../../parts/explain"
import { Effects } from "../../parts/viz"

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
      <Effects rows={change.parts.map(({ key, change_minor: value }) => ({ key, name: partName(key), value, shown: parts.money(value, { signed: true }) }))} />
      <p className="soft small">{t("changeExact")}</p>
    </section>
  )
}
