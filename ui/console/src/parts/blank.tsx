import type { ReactNode } from "react"

/** Grey bars that stand exactly where rows will be, so that nothing jumps when they arrive. */
export function Bones({ rows, height = 34 }: { rows: number; height?: number }) {
  return (
    <div className="bones" aria-hidden>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} style={{ height }}>
          <i style={{ width: `${30 + ((i * 17) % 25)}%` }} />
          <i style={{ width: `${14 + ((i * 7) % 9)}%` }} />
        </div>
      ))}
    </div>
  )
}

/** An empty state that says why it is empty and what to do about it. */
export function Blank({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="blank">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div className="row">{actions}</div>}
    </div>
  )
}
