import { Fragment, type ReactNode } from "react"

/** For a sentence that gets fields where its places are. */
export const raw = { skipInterpolation: true } as const

/** A sentence of one language whose places are filled with fields instead of words. */
export function Sentence({ of, parts }: { of: string; parts: Record<string, ReactNode> }) {
  const pieces = of.split(/\{\{\s*(\w+)[^}]*\}\}/)
  return (
    <span className="says">
      {pieces.map((piece, i) => (i % 2 ? <Fragment key={i}>{parts[piece]}</Fragment> : piece.trim() ? <span key={i}>{piece.trim()}</span> : null))}
    </span>
  )
}
