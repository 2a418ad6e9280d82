import type { Move } from "./words"

export type Node = { place: string | null; customers: number; top: number; height: number; middle: number }
export type Band = Move & { width: number; from: number; to: number }
export type Kind = "stayed" | "better" | "worse" | "arrived" | "gone"
type Drawn = { was: Node[]; now: Node[]; bands: Band[]; height: number }

const BODY = 300 // pixels that all customers of a side take together
const LABEL = 34 // two lines of a label
const GAP = 10

/** Places of both sides from the top down, and the bands between them; no two labels touch. */
export function layout(moves: Move[], places: readonly string[]): Drawn {
  const order = [...places, null]
  const sum = (side: "was" | "now", place: string | null) => moves.reduce((all, move) => all + (move[side] === place ? move.customers : 0), 0)
  const most = Math.max(1, ...(["was", "now"] as const).map((side) => order.reduce((all, place) => all + sum(side, place), 0)))
  const scale = BODY / most
  const stack = (side: "was" | "now") => {
    let y = 4
    return order.flatMap((place) => {
      const customers = sum(side, place)
      if (!customers) return []
      const height = customers * scale
      const slot = Math.max(height, LABEL)
      const middle = y + slot / 2
      y += slot + GAP
      return [{ place, customers, height, top: middle - height / 2, middle }]
    })
  }
  const was = stack("was")
  const now = stack("now")
  const end = (nodes: Node[]) => Math.max(0, ...nodes.map((node) => node.middle + Math.max(node.height, LABEL) / 2))
  return { was, now, bands: bandsOf(moves, was, now, scale), height: Math.max(end(was), end(now)) + 4 }
}

/** Bands lie on each place in the order of the other side; those who stayed are drawn first, beneath the others. */
function bandsOf(moves: Move[], was: Node[], now: Node[], scale: number): Band[] {
  const out = new Map(was.map((node) => [node.place, node.top]))
  const into = new Map(now.map((node) => [node.place, node.top]))
  const bands = was.flatMap((left) =>
    now.flatMap((right) => {
      const move = moves.find((one) => one.was === left.place && one.now === right.place)
      if (!move?.customers) return []
      const width = move.customers * scale
      const from = (out.get(left.place) ?? 0) + width / 2
      const to = (into.get(right.place) ?? 0) + width / 2
      out.set(left.place, from + width / 2)
      into.set(right.place, to + width / 2)
      return [{ ...move, width, from, to }]
    }),
  )
  const stays = (one: Band) => one.was === one.now
  return [...bands.filter(stays), ...bands.filter((one) => !stays(one)).sort((a, b) => b.width - a.width)]
}

/** The middle line of a band between two sides. */
export function band(one: Band, left: number, right: number): string {
  const bend = (right - left) * 0.45
  return `M${left} ${one.from.toFixed(1)}C${left + bend} ${one.from.toFixed(1)} ${right - bend} ${one.to.toFixed(1)} ${right} ${one.to.toFixed(1)}`
}
