import type { Interval } from "../lib/shapes"

type SparkProps = { values: number[]; width?: number; height?: number; bars?: boolean }

/** A word-sized picture of a series: a line with its newest point, or bars from zero. */
export function Spark({ values, width = 84, height = 22, bars = false }: SparkProps) {
  const high = Math.max(...values)
  const low = bars ? 0 : Math.min(...values)
  const count = values.length
  const y = (value: number) => height - 2 - ((value - low) / (high - low || 1)) * (height - 4)
  if (count === 0) return <svg className="spark" width={width} height={height} aria-hidden />
  if (bars) {
    const step = width / count
    return (
      <svg className="spark" width={width} height={height} aria-hidden>
        {values.map((value, i) => (
          <rect key={i} x={i * step + 0.5} width={step - 1.5} y={y(value)} height={height - 1 - y(value)} rx={0.5} />
        ))}
      </svg>
    )
  }
  const x = (i: number) => 2 + (i / Math.max(1, count - 1)) * (width - 6)
  const line = values.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(" ")
  return (
    <svg className="spark" width={width} height={height} aria-hidden>
      <polyline points={line} />
      <circle cx={x(count - 1)} cy={y(values[count - 1] ?? 0)} r={2} />
    </svg>
  )
}

type Scale = { min: number; max: number }

/** One interval on a scale that all its neighbours share. An assumed one is drawn hollow. */
export function IntervalBar({ range, scale, hollow = false }: { range: Interval; scale: Scale; hollow?: boolean }) {
  const span = scale.max - scale.min || 1
  const at = (value: number) => Math.max(0, Math.min(100, ((value - scale.min) / span) * 100))
  return (
    <span className={hollow ? "ivl hollow" : "ivl"} aria-hidden>
      {scale.min < 0 && <u style={{ left: `${at(0)}%` }} />}
      <i style={{ left: `${at(range.low)}%`, width: `${at(range.high) - at(range.low)}%` }} />
      <b style={{ left: `${at(range.mid)}%` }} />
    </span>
  )
}

export function Meter({ value }: { value: number }) {
  return (
    <span className="meter" aria-hidden>
      <i style={{ width: `${Math.round(value * 100)}%` }} />
    </span>
  )
}

export type Effect = { key: string; name: string; value: number; shown: string }

/** What each cause added or took away, in words, as a bar and as a figure. */
export function Effects({ rows }: { rows: Effect[] }) {
  const most = Math.max(1, ...rows.map((row) => Math.abs(row.value)))
  return (
    <table className="plaintable">
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row">{row.name}</th>
            <td className="effect">
              <Diverging value={row.value} most={most} />
            </td>
            <td className="r num">{row.shown}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** A bar that grows right for a gain and left for a loss, around one zero line. */
export function Diverging({ value, most }: { value: number; most: number }) {
  const share = (Math.abs(value) / (most || 1)) * 50
  const style = value < 0 ? { right: "50%", width: `${share}%` } : { left: "50%", width: `${share}%` }
  return (
    <span className="diverging" aria-hidden>
      <i className={value < 0 ? "down" : "up"} style={style} />
    </span>
  )
}
