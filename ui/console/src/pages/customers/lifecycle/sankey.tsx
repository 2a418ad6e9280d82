import { useLayoutEffect, useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import { stages, tiers, type LifecycleFlow } from "../../../lib/shapes"
import { band, layout, type Kind, type Node } from "./layout"
import { movesOf, usePlaceName, type Moved } from "./words"

const worth: readonly string[] = ["dormant", "at_risk", "new", "settled", "growing"]
const NARROW = 520

/** Better, worse, the same, first seen or no longer known: what the colour of a band says. */
function kindOf(was: string | null, now: string | null): Kind {
  if (was === now) return "stayed"
  if (was === null) return "arrived"
  if (now === null) return "gone"
  const rank = (place: string) => (worth.includes(place) ? worth.indexOf(place) : -tiers.findIndex((tier) => tier === place))
  return rank(now) > rank(was) ? "better" : "worse"
}

/** Where customers stood, where they went, where they stand: a band is as wide as its customers are many. */
export function Sankey({ flow, onPick }: { flow: LifecycleFlow; onPick(move: Moved): void }) {
  const { t } = useTranslation("lifecycle")
  const f = useFormats()
  const place = usePlaceName()
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const watch = new ResizeObserver(() => setWidth(element.clientWidth))
    watch.observe(element)
    return () => watch.disconnect()
  }, [])
  const places: readonly string[] = flow.by === "stage" ? stages : tiers
  const moves = movesOf(flow)
  const drawn = layout(moves, places)
  const margin = width < NARROW ? 84 : 132
  const kinds = (["stayed", "better", "worse", "arrived", "gone"] as const).filter((kind) => moves.some((move) => kindOf(move.was, move.now) === kind))
  const name = (of: string | null, side: "was" | "now") => (of === null ? t(side === "was" ? "arrived" : "gone") : place(of))
  const label = (node: Node, side: "was" | "now") => {
    const x = side === "was" ? margin - 10 : width - margin + 10
    return (
      <text key={`${side}-${node.place}`} x={x} y={node.middle - 3} textAnchor={side === "was" ? "end" : "start"}>
        <tspan x={x}>{name(node.place, side)}</tspan>
        <tspan x={x} dy="15" className="count">
          {f.whole(node.customers)}
        </tspan>
      </text>
    )
  }
  return (
    <div ref={box} className="sankey">
      {width > 0 && (
        <svg width={width} height={drawn.height} role="img" aria-label={t("flowAria", { from: f.day(flow.since), to: f.day(flow.until) })}>
          {drawn.bands.map((one) => {
            const kind = kindOf(one.was, one.now)
            const path = band(one, margin, width - margin)
            const pick = one.now === null ? undefined : () => onPick({ was: one.was, now: one.now ?? "" })
            return (
              <g key={`${one.was}-${one.now}`} className={`band ${kind}`} data-move={`${one.was ?? "none"}-${one.now ?? "none"}`} onClick={pick}>
                <title>{t("bandTip", { from: name(one.was, "was"), to: name(one.now, "now"), count: one.customers })}</title>
                <path d={path} strokeWidth={Math.max(one.width, 1.25)} />
                <path d={path} strokeWidth={Math.max(one.width, 9)} className="reach" />
              </g>
            )
          })}
          {(["was", "now"] as const).map((side) =>
            drawn[side].map((node) => (
              <g key={`${side}-${node.place}`}>
                <rect className="node" x={side === "was" ? margin - 5 : width - margin} y={node.top} width={5} height={Math.max(node.height, 1)} />
                {label(node, side)}
              </g>
            )),
          )}
        </svg>
      )}
      <ul className="keys small" aria-hidden>
        {kinds.map((kind) => (
          <li key={kind} className={kind}>
            {t(`kind.${kind}`)}
          </li>
        ))}
      </ul>
    </div>
  )
}
