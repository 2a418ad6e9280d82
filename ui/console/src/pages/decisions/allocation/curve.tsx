import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import type { Planned } from "../../../lib/shapes"
import { Table, type Column } from "../../../parts/table"
import { Late } from "../../customers/economics/late"

const loadChart = () => import("../../../charts/allocation")

/** Gain over budget around the one asked; its figures stand below for whoever reads no chart. */
export function CurveCard({ plan, budget }: { plan: Planned; budget: number | null }) {
  const { t } = useTranslation("allocation")
  const f = useFormats()
  const money = f.column(plan.curve.flatMap((point) => [point.gain_minor, point.budget_minor]))
  const columns: Column<Planned["curve"][number]>[] = [
    { key: "budget", title: t("name.budget"), right: true, show: (row) => money.money(row.budget_minor) },
    { key: "spend", title: t("spend"), right: true, show: (row) => money.money(row.spend_minor) },
    { key: "gain", title: t("gain"), right: true, show: (row) => money.money(row.gain_minor, { signed: true }) },
  ]
  return (
    <section className="sheet" aria-labelledby="curve">
      <div className="pad">
        <h2 id="curve">{t("curve")}</h2>
        <p className="soft small">{t(budget === null ? "curveFree" : "curveLead")}</p>
        {plan.curve.length > 1 ? <Late load={loadChart} plan={plan} budget={budget} /> : <p className="soft">{t("curveNone")}</p>}
      </div>
      {plan.curve.length > 1 && (
        <details className="figures">
          <summary>{t("curveTable")}</summary>
          <Table label={t("curveTable")} columns={columns} rows={plan.curve} rowKey={(row) => String(row.budget_minor)} empty={null} />
        </details>
      )}
    </section>
  )
}
