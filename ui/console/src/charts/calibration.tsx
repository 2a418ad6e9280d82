import { useTranslation } from "react-i18next"
import type { PlayScore, ScorePoint } from "../lib/shapes"
import { useFormats } from "../lib/i18n"
import { useShopNames, useTitles } from "../lib/names"
import { useSettings } from "../lib/settings"
import { stretch } from "../lib/stretch"
import { escaped, look, useChart } from "./echarts"

const inside = (point: ScorePoint) => point.observed >= point.expected.low && point.observed <= point.expected.high

const figures = (point: ScorePoint) => [point.expected.low, point.expected.mid, point.expected.high, point.observed]

type Props = { score: PlayScore; points: ScorePoint[] }

export default function Calibration({ score, points }: Props) {
  const { t } = useTranslation("common")
  const { mode } = useSettings()
  const f = useFormats()
  const names = useShopNames()
  const { playName } = useTitles()
  const money = score.unit === "minor" || score.unit === "money"
  const show = (value: number) => {
    if (!money) return f.compact(value)
    const minor = Math.round(value)
    return f.money(minor, { compact: true, digits: minor % f.unit === 0 ? 0 : undefined })
  }
  const exact = (value: number) => (money ? f.money(value) : f.quantity(value))
  const label = t("calibration.aria", {
    play: playName(score.play),
    points: f.whole(points.length),
    inside: f.whole(points.filter(inside).length),
  })
  const box = useChart(
    (width) => {
      const { p, words, tooltip, axis } = look(mode)
      const narrow = width < 520
      const scale = stretch(points.flatMap(figures), money ? f.unit : 1)
      const few = points.length <= 12
      const side = (name: string, which: "x" | "y") => ({
        ...axis,
        type: "value" as const,
        min: scale.min,
        max: scale.max,
        name,
        nameLocation: which === "x" ? ("middle" as const) : ("end" as const),
        nameGap: which === "x" ? 28 : 12,
        nameTextStyle: { ...words, align: which === "y" ? ("left" as const) : ("center" as const), padding: which === "y" ? [0, 0, 0, -40] : 0 },
        axisLine: { show: which === "x", onZero: false, lineStyle: { color: p.edge } },
        axisTick: { show: false, customValues: scale.ticks.map(scale.to) },
        axisLabel: { ...axis.axisLabel, customValues: scale.ticks.map(scale.to), formatter: (place: number) => show(scale.back(place)) },
      })
      const text = (point: ScorePoint) =>
        [
          `${escaped(names.text(point.group_key))} \u00b7 ${f.day(point.day, "short")}`,
          `${t("calibration.expected")} ${exact(point.expected.mid)}`,
          `${t("calibration.interval")} ${t("range", { low: exact(point.expected.low), high: exact(point.expected.high) })}`,
          `${t("calibration.observed")} ${exact(point.observed)}`,
        ].join("<br>")
      return {
        animation: false,
        aria: { enabled: true, label: { description: label } },
        grid: { left: 56, right: narrow ? 20 : 92, top: 32, bottom: 44 },
        xAxis: side(t("calibration.expected"), "x"),
        yAxis: side(t("calibration.observed"), "y"),
        tooltip: {
          ...tooltip,
          trigger: "item" as const,
          formatter: (item: { data?: { raw?: ScorePoint } }) => (item.data?.raw ? text(item.data.raw) : ""),
        },
        series: [
          {
            type: "line",
            silent: true,
            symbol: "none",
            data: [
              [scale.min, scale.min],
              [scale.max, scale.max],
            ],
            lineStyle: { color: p.edge, type: [4, 4], width: 1 },
            endLabel: { show: !narrow, formatter: t("calibration.ideal"), ...words, offset: [-2, 0] },
          },
          {
            type: "custom",
            silent: true,
            data: points.map((point) => [point.expected.mid, point.expected.low, point.expected.high].map(scale.to)),
            renderItem: (_: unknown, at: CustomApi) => {
              const from = at.coord([at.value(0), at.value(1)])
              const to = at.coord([at.value(0), at.value(2)])
              return {
                type: "line",
                shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] },
                style: { stroke: p.green, lineWidth: few ? 5 : 2.5, opacity: few ? 0.22 : 0.16, lineCap: "round" },
              }
            },
          },
          {
            type: "scatter",
            symbolSize: few ? 10 : 6,
            data: points.map((point) => ({
              value: [scale.to(point.expected.mid), scale.to(point.observed)],
              raw: point,
              symbol: inside(point) ? "circle" : "diamond",
              symbolSize: (few ? 10 : 6) + (inside(point) ? 0 : 2),
              itemStyle: { opacity: few ? 1 : 0.85, color: inside(point) ? p.green : p.brick },
              label: {
                show: few,
                position: point.observed > point.expected.mid && !narrow ? "left" : "right",
                distance: 8,
                formatter: names.text(point.group_key),
                color: p.ink,
                fontSize: 12,
                textBorderColor: p.surface,
                textBorderWidth: 3,
              },
            })),
          },
        ],
      } as never
    },
    [points, mode, f, t, names],
  )
  return <div ref={box} className="chart" role="img" aria-label={label} />
}

type CustomApi = { coord(point: number[]): number[]; value(index: number): number }
