import { useTranslation } from "react-i18next"
import { useFormats } from "../lib/i18n"
import { useSettings } from "../lib/settings"
import type { PaybackCurve } from "../lib/shapes"
import { look, useChart } from "./echarts"

/** Cumulative margin a customer with its interval, against the line of what they cost. */
export default function PaybackChart({ curve }: { curve: PaybackCurve }) {
  const { t } = useTranslation("economics")
  const { mode } = useSettings()
  const f = useFormats()
  const points = curve.points
  const end = points.at(-1)
  const label = t("paybackAria", { days: end?.days ?? 0, margin: f.money(end?.margin_minor.mid ?? 0) })
  const box = useChart(
    (width) => {
      const { p, words, tooltip, axis } = look(mode)
      const band = (pick: "low" | "high") => [[0, 0], ...points.map((point) => [point.days, point.margin_minor[pick]])]
      const low = band("low")
      const text = (index: number) => {
        const point = points[index - 1]
        return point ? [t("day", { day: point.days }), t("tip", { mid: f.money(point.margin_minor.mid), low: f.money(point.margin_minor.low), high: f.money(point.margin_minor.high) }), t("tipN", { count: point.n })].join("<br>") : ""
      }
      const edge = { type: "line", symbol: "none", lineStyle: { opacity: 0 }, silent: true }
      return {
        animation: false,
        aria: { enabled: true, label: { description: label } },
        grid: { left: 64, right: width < 520 ? 16 : 96, top: 16, bottom: 40 },
        tooltip: { ...tooltip, trigger: "axis", formatter: (items: { dataIndex: number }[]) => text(items[0]?.dataIndex ?? 0) },
        xAxis: { ...axis, type: "value", min: 0, max: end?.days ?? 30, interval: 30 * Math.ceil(points.length / 6), name: t("daysSince"), nameLocation: "middle", nameGap: 26, splitLine: { show: false } },
        yAxis: { ...axis, type: "value", min: (range: { min: number }) => Math.min(0, range.min), axisLabel: { ...axis.axisLabel, formatter: (value: number) => f.money(value, { compact: true, digits: 0 }) } },
        series: [
          {
            type: "line",
            data: [[0, 0], ...points.map((point) => [point.days, point.margin_minor.mid])],
            symbol: "circle",
            symbolSize: 5,
            lineStyle: { color: p.green, width: 2 },
            itemStyle: { color: p.green },
            markLine:
              curve.cost_minor === null
                ? undefined
                : { silent: true, symbol: "none", data: [{ yAxis: curve.cost_minor }], lineStyle: { color: p.ochre, type: [4, 4] }, label: { ...words, color: p.ochre, formatter: t("cost") } },
          },
          { ...edge, data: low, stack: "band" },
          { ...edge, data: band("high").map(([days, high], i) => [days, (high ?? 0) - (low[i]?.[1] ?? 0)]), stack: "band", areaStyle: { color: p.green, opacity: 0.15 } },
        ],
      } as never
    },
    [curve, mode, f, t],
  )
  return <div ref={box} className="chart" role="img" aria-label={label} />
}
