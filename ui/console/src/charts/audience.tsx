import { useTranslation } from "react-i18next"
import type { components } from "../api.gen"
import { roundUp } from "../lib/format"
import { useFormats } from "../lib/i18n"
import { useSettings } from "../lib/settings"
import { look, useChart } from "./echarts"

type Day = components["schemas"]["AudienceDay"]

/** How many stood in an audience at the end of each day, named at its end. */
export default function AudienceChart({ days }: { days: Day[] }) {
  const { t } = useTranslation("audiences")
  const { mode } = useSettings()
  const f = useFormats()
  const first = days[0]
  const last = days.at(-1)
  const label = t("historyAria", { from: f.day(first?.day ?? ""), to: f.day(last?.day ?? ""), first: f.whole(first?.count ?? 0), last: f.whole(last?.count ?? 0) })
  const box = useChart(
    (width) => {
      const { p, words, tooltip, axis } = look(mode)
      const tip = (index: number) => {
        const day = days[index]
        return day ? [f.day(day.day), `${t("inIt")} ${f.whole(day.count)}`, t("entered", { count: day.entered }), t("left", { count: day.left })].join("<br>") : ""
      }
      return {
        animation: false,
        aria: { enabled: true, label: { description: label } },
        grid: { left: 52, right: width < 520 ? 44 : 64, top: 18, bottom: 28 },
        tooltip: { ...tooltip, trigger: "axis", formatter: (items: { dataIndex: number }[]) => tip(items[0]?.dataIndex ?? 0) },
        xAxis: { ...axis, type: "category", boundaryGap: false, data: days.map((day) => day.day), axisLabel: { ...axis.axisLabel, formatter: (day: string) => f.day(day, "short") }, splitLine: { show: false } },
        yAxis: { ...axis, type: "value", min: 0, max: roundUp(Math.max(...days.map((day) => day.count)) * 1.05), splitNumber: 4, axisLabel: { ...axis.axisLabel, formatter: (value: number) => f.compact(value) } },
        series: [
          {
            type: "line",
            data: days.map((day) => day.count),
            symbol: days.length > 40 ? "none" : "circle",
            symbolSize: 5,
            lineStyle: { color: p.green, width: 2 },
            itemStyle: { color: p.green },
            endLabel: { ...words, show: true, color: p.green, fontWeight: 600, formatter: () => f.whole(last?.count ?? 0) },
          },
        ],
      } as never
    },
    [days, mode, f, t],
  )
  return <div ref={box} className="chart short" role="img" aria-label={label} />
}
