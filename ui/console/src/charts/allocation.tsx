import { useTranslation } from "react-i18next"
import { useFormats } from "../lib/i18n"
import { useSettings } from "../lib/settings"
import type { Planned } from "../lib/shapes"
import { stepOf } from "../pages/decisions/allocation/words"
import { look, useChart } from "./echarts"

/** Expected gain over budget; the budget asked, or what is spent without one, is marked, with the slope there. */
export default function AllocationChart({ plan, budget }: { plan: Planned; budget: number | null }) {
  const { t } = useTranslation("allocation")
  const { mode } = useSettings()
  const f = useFormats()
  const at = budget ?? plan.spend_minor
  const gain = plan.gain_minor.mid
  const price = plan.limits.find((row) => row.kind === "budget")
  const slope = price?.brings_minor ? price.brings_minor / price.step : 0
  const mark = t(budget === null ? "markSpend" : "markBudget", { budget: f.money(at) })
  const label = t("curveAria", { budget: f.money(at), gain: f.money(gain) })
  const box = useChart(
    (width) => {
      const { p, words, tooltip, axis } = look(mode)
      const end = plan.curve.at(-1)?.budget_minor ?? at
      const reach = 0.4 * at
      const tangent = [at - reach, at + reach].map((x) => [x, gain + slope * (x - at)])
      const tip = (index: number) => {
        const point = plan.curve[index]
        return point ? [t("markBudget", { budget: f.money(point.budget_minor) }), t("tipGain", { gain: f.money(point.gain_minor, { signed: true }) }), t("cellSpend", { spend: f.money(point.spend_minor) })].join("<br>") : ""
      }
      const short = (value: number) => f.money(value, { compact: true, digits: 0 })
      return {
        animation: false,
        aria: { enabled: true, label: { description: label } },
        grid: { left: 64, right: width < 520 ? 16 : 40, top: 28, bottom: 40 },
        tooltip: { ...tooltip, trigger: "axis", formatter: (items: { seriesIndex: number; dataIndex: number }[]) => tip(items.find((item) => item.seriesIndex === 0)?.dataIndex ?? -1) },
        xAxis: { ...axis, type: "value", min: 0, max: end, splitNumber: width < 520 ? 3 : 6, name: t("name.budget"), nameLocation: "middle", nameGap: 26, splitLine: { show: false }, axisLabel: { ...axis.axisLabel, formatter: short } },
        yAxis: { ...axis, type: "value", min: (range: { min: number }) => Math.min(0, range.min), axisLabel: { ...axis.axisLabel, formatter: short } },
        series: [
          {
            type: "line",
            data: plan.curve.map((point) => [point.budget_minor, point.gain_minor]),
            symbol: "circle",
            symbolSize: 5,
            lineStyle: { color: p.green, width: 2 },
            itemStyle: { color: p.green },
            markLine: { silent: true, symbol: "none", data: [{ xAxis: at }], lineStyle: { color: p.ochre, type: [4, 4] }, label: { ...words, color: p.ochre, formatter: mark } },
          },
          ...(slope > 0 ? [{ type: "line", data: tangent, symbol: "none", silent: true, lineStyle: { color: p.ochre, width: 2, type: [2, 3] }, z: 4 }] : []),
          { type: "scatter", data: [[at, gain]], symbolSize: 11, silent: true, itemStyle: { color: p.ochre }, z: 5 },
        ],
      } as never
    },
    [plan, budget, mode, f, t],
  )
  return (
    <>
      <div ref={box} className="chart" role="img" aria-label={label} />
      {price && slope > 0 && <p className="small num slope">{t("slope", stepOf(price, f))}</p>}
    </>
  )
}
