import { useTranslation } from "react-i18next"
import type { DemandDetail, Fan } from "../lib/shapes"
import { useFormats } from "../lib/i18n"
import { useSettings } from "../lib/settings"
import { look, useChart } from "./echarts"

type CustomApi = { coord(point: number[]): number[]; value(index: number): number; size(value: number[]): number[] }

const bands = [
  ["p05", "p95", 0.14],
  ["p10", "p90", 0.2],
  ["p25", "p75", 0.3],
] as const

/** Weeks sold as a line; the forecast of each week as nested bands around its median, the newest one ahead of the line. */
export default function FanChart({ data }: { data: DemandDetail }) {
  const { t } = useTranslation(["supply", "common"])
  const { mode } = useSettings()
  const f = useFormats()
  const weeks = data.weeks.slice(-26)
  const labels = [...weeks.map((week) => week.week_start), ...data.fan.map((fan) => fan.week_start)]
  const units = data.decision ? Number(data.decision.action["units"] ?? NaN) : NaN
  const ahead = data.fan[0]
  const label = t("chartAria", {
    count: weeks.length,
    last: f.whole(weeks.at(-1)?.units ?? 0),
    low: ahead ? f.quantity(ahead.p10) : "",
    high: ahead ? f.quantity(ahead.p90) : "",
  })
  const box = useChart(
    (width) => {
      const { p, words, tooltip, axis } = look(mode)
      const narrow = width < 520
      const fans = [...(data.past_fans ?? []), ...data.fan].filter((fan) => labels.includes(fan.week_start))
      const place = (fan: Fan) => labels.indexOf(fan.week_start)
      const text = (index: number) => {
        const start = labels[index] ?? ""
        const week = weeks[index]
        const fan = fans.find((one) => one.week_start === start)
        const lines = [t("weekOf", { day: f.day(start) })]
        if (week) lines.push(t("soldUnits", { count: week.units }))
        if (fan) lines.push(t("fanUnits", { mid: f.quantity(fan.p50), low: f.quantity(fan.p10), high: f.quantity(fan.p90) }))
        return lines.join("<br>")
      }
      return {
        animation: false,
        aria: { enabled: true, label: { description: label } },
        grid: { left: 44, right: narrow ? 16 : 86, top: 16, bottom: 28 },
        tooltip: {
          ...tooltip,
          trigger: "axis" as const,
          axisPointer: { type: "line", lineStyle: { color: p.edge, type: [2, 3] } },
          formatter: (items: { dataIndex: number }[]) => text(items[0]?.dataIndex ?? 0),
        },
        xAxis: {
          ...axis,
          type: "category" as const,
          data: labels,
          splitLine: { show: false },
          axisLine: { lineStyle: { color: p.edge } },
          axisLabel: { ...axis.axisLabel, formatter: (day: string) => f.day(day, "short"), interval: narrow ? 5 : 3 },
        },
        yAxis: { ...axis, type: "value" as const, min: 0, axisLabel: { ...axis.axisLabel, formatter: (value: number) => f.compact(value) } },
        series: [
          ...bands.map(([low, high, opacity]) => ({
            type: "custom",
            silent: true,
            z: 1,
            data: fans.map((fan) => [place(fan), fan[low], fan[high]]),
            renderItem: (_: unknown, at: CustomApi) => band(at, p.green, opacity),
          })),
          {
            type: "custom",
            silent: true,
            z: 2,
            data: fans.map((fan) => [place(fan), fan.p50]),
            renderItem: (_: unknown, at: CustomApi) => tick(at, p.green, 2),
          },
          ...(Number.isFinite(units) && ahead
            ? [
                {
                  type: "custom",
                  silent: true,
                  z: 4,
                  data: [[place(ahead), units]],
                  renderItem: (_: unknown, at: CustomApi) => mark(at, p.ochreFill, p.ochre, narrow ? "" : t("units", { count: units }), words.fontFamily),
                },
              ]
            : []),
          {
            type: "line",
            z: 3,
            data: [...weeks.map((week) => week.units), ...data.fan.map(() => null)],
            symbol: "circle",
            symbolSize: 4,
            lineStyle: { color: p.ink2, width: 1.5 },
            itemStyle: { color: p.ink2 },
          },
        ],
      } as never
    },
    [data, mode, f, t],
  )
  return <div ref={box} className="chart" role="img" aria-label={label} />
}

function span(at: CustomApi) {
  const step = at.size([1, 0])[0] ?? 12
  return Math.max(6, Math.min(28, step * 0.72))
}

function band(at: CustomApi, colour: string, opacity: number) {
  const low = at.coord([at.value(0), at.value(1)])
  const high = at.coord([at.value(0), at.value(2)])
  const width = span(at)
  return {
    type: "rect",
    shape: { x: low[0]! - width / 2, y: high[1], width, height: Math.max(1, low[1]! - high[1]!), r: 2 },
    style: { fill: colour, opacity },
  }
}

function tick(at: CustomApi, colour: string, thickness: number) {
  const point = at.coord([at.value(0), at.value(1)])
  const width = span(at)
  return {
    type: "line",
    shape: { x1: point[0]! - width / 2, y1: point[1], x2: point[0]! + width / 2, y2: point[1] },
    style: { stroke: colour, lineWidth: thickness },
  }
}

function mark(at: CustomApi, fill: string, ink: string, text: string, font: string) {
  const point = at.coord([at.value(0), at.value(1)])
  const width = span(at) + 8
  const line = {
    type: "line",
    shape: { x1: point[0]! - width / 2, y1: point[1], x2: point[0]! + width / 2, y2: point[1] },
    style: { stroke: fill, lineWidth: 3 },
  }
  const words = {
    type: "text",
    style: { text, x: point[0]! + width / 2 + 6, y: point[1], fill: ink, font: `12px ${font}`, verticalAlign: "middle" },
  }
  return { type: "group", children: text ? [line, words] : [line] }
}
