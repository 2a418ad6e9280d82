import { CustomChart, LineChart, ScatterChart } from "echarts/charts"
import { AriaComponent, GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components"
import { init, use, type EChartsType } from "echarts/core"
import { SVGRenderer } from "echarts/renderers"
import { useEffect, useRef, useState, type RefObject } from "react"
import { font, paint, type Mode } from "../lib/theme"

use([CustomChart, LineChart, ScatterChart, AriaComponent, GridComponent, TooltipComponent, MarkLineComponent, SVGRenderer])

export type Option = Parameters<EChartsType["setOption"]>[0]

/** A chart in a box that follows the box's size; the option is made again when anything it shows changes. */
export function useChart(make: (width: number) => Option, inputs: unknown[]): RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType | null>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const made = init(element, null, { renderer: "svg" })
    chart.current = made
    const watch = new ResizeObserver(() => {
      made.resize()
      setWidth(element.clientWidth)
    })
    watch.observe(element)
    return () => {
      watch.disconnect()
      made.dispose()
      chart.current = null
    }
  }, [])
  useEffect(() => {
    if (width) chart.current?.setOption(make(width), true)
  }, [width, ...inputs])
  return box
}

export function look(mode: Mode) {
  const p = paint[mode]
  const words = { color: p.ink2, fontFamily: font, fontSize: 12 }
  const tooltip = {
    confine: true,
    backgroundColor: p.raised,
    borderColor: p.rule,
    textStyle: { color: p.ink, fontFamily: font, fontSize: 13 },
  }
  const axis = {
    axisTick: { show: false },
    splitLine: { lineStyle: { color: p.rule } },
    minorSplitLine: { show: false },
    axisLabel: { ...words, hideOverlap: true },
    nameTextStyle: words,
  }
  return { p, words, tooltip, axis }
}

/** Text for a tooltip: our own words only, but names of goods come from outside. */
export const escaped = (text: string) =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
