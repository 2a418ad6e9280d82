import { useTranslation } from "react-i18next"
import { useFormats } from "../lib/i18n"
import { useSettings } from "../lib/settings"
import type { Economics } from "../lib/shapes"
import { useChannelName } from "../pages/customers/economics/words"
import { escaped, look, useChart } from "./echarts"

const MOST = 6
const symbols = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect"]
type Row = Economics["acquisition"][number]

/** What a new customer cost, month by month, a line a channel, the dearest spenders first. */
export default function CostChart({ rows }: { rows: Row[] }) {
  const { t } = useTranslation("economics")
  const { mode } = useSettings()
  const f = useFormats()
  const name = useChannelName()
  const months = [...new Set(rows.map((row) => row.month))].sort()
  const spent = (channel: string) => rows.filter((row) => row.channel === channel).reduce((all, row) => all + row.spend_minor, 0)
  const channels = [...new Set(rows.map((row) => row.channel))].sort((a, b) => spent(b) - spent(a)).slice(0, MOST)
  const label = t("costAria", { count: channels.length })
  const box = useChart(
    (width) => {
      const { p, words, tooltip, axis } = look(mode)
      const inks = [p.green, p.ochreFill, p.ink2, p.brick, p.greenHover, p.edge]
      const of = (channel: string, month: string) => rows.find((row) => row.channel === channel && row.month === month)?.cost_minor ?? null
      return {
        animation: false,
        aria: { enabled: true, label: { description: label } },
        grid: { left: 64, right: width < 520 ? 16 : 110, top: 16, bottom: 28 },
        tooltip: {
          ...tooltip,
          trigger: "axis",
          formatter: (items: { dataIndex: number }[]) => {
            const month = months[items[0]?.dataIndex ?? 0] ?? ""
            const lines = channels.flatMap((channel) => {
              const cost = of(channel, month)
              return cost === null ? [] : [`${escaped(name(channel))} ${f.money(cost)}`]
            })
            return [f.month(month), ...lines].join("<br>")
          },
        },
        xAxis: { ...axis, type: "category", data: months, splitLine: { show: false }, axisLabel: { ...axis.axisLabel, formatter: (month: string) => f.month(month) } },
        yAxis: { ...axis, type: "value", min: 0, axisLabel: { ...axis.axisLabel, formatter: (value: number) => f.money(value, { compact: true, digits: 0 }) } },
        series: channels.map((channel, i) => ({
          type: "line",
          name: name(channel),
          data: months.map((month) => of(channel, month)),
          symbol: symbols[i],
          symbolSize: 7,
          lineStyle: { color: inks[i], width: 1.75 },
          itemStyle: { color: inks[i] },
          endLabel: { show: width >= 520, formatter: name(channel), ...words, color: inks[i] },
        })),
      } as never
    },
    [rows, mode, f, t],
  )
  return <div ref={box} className="chart" role="img" aria-label={label} />
}
