import type { Asked } from "./asks"
import { channel } from "./asks"

/** A basket as somebody tries it: what the address keeps, so that a copied link shows the same. */
export type Tried = {
  lines: { sku: string; quantity: number }[]
  codes: string[]
  delivery: number
  member: string
  tier: string
  first: boolean
  also: string[]
  /** Other limits than the shop's own: the largest discount in basis points, and how many codes. */
  policy: { most_bp: number; coupons: number } | null
}

export const empty: Tried = { lines: [{ sku: "", quantity: 1 }], codes: [], delivery: 0, member: "", tier: "", first: false, also: [], policy: null }

const text = (value: unknown) => (typeof value === "string" ? value.slice(0, 200) : "")
const texts = (value: unknown) => (Array.isArray(value) ? value.map(text).filter(Boolean).slice(0, 20) : [])
const whole = (value: unknown, most: number) => (Number.isInteger(value) && (value as number) >= 0 ? Math.min(value as number, most) : 0)

/** As the address has it; what is not understood is left out. */
export function read(given: string): Tried {
  try {
    const said = JSON.parse(given) as Record<string, unknown>
    const pairs = Array.isArray(said.l) ? (said.l as unknown[]).filter((pair): pair is [unknown, unknown] => Array.isArray(pair)) : []
    const lines = pairs.slice(0, 50).map(([sku, quantity]) => ({ sku: text(sku), quantity: whole(quantity, 100_000) || 1 }))
    const limits = Array.isArray(said.p) ? (said.p as unknown[]) : null
    return {
      lines: lines.length ? lines : empty.lines,
      codes: texts(said.c).slice(0, 10),
      delivery: whole(said.d, 1e10),
      member: text(said.m),
      tier: text(said.t),
      first: said.f === 1,
      also: texts(said.a),
      policy: limits ? { most_bp: whole(limits[0], 9_999), coupons: whole(limits[1], 10) } : null,
    }
  } catch {
    return empty
  }
}

/** For the address; an empty basket leaves it plain. */
export function write(tried: Tried): string {
  const { lines, codes, delivery, member, tier, first, also, policy } = tried
  const said = {
    l: lines.map((line) => [line.sku, line.quantity]),
    ...(codes.length ? { c: codes } : {}),
    ...(delivery ? { d: delivery } : {}),
    ...(member ? { m: member } : {}),
    ...(tier ? { t: tier } : {}),
    ...(first ? { f: 1 } : {}),
    ...(also.length ? { a: also } : {}),
    ...(policy ? { p: [policy.most_bp, policy.coupons] } : {}),
  }
  const plain = JSON.stringify(said)
  return plain === JSON.stringify({ l: [["", 1]] }) ? "" : plain
}


/** What the server is asked; null while there is nothing in it. */
export function asked(tried: Tried): Asked | null {
  const lines = tried.lines.filter((line) => line.sku)
  if (!lines.length) return null
  return {
    channel_id: channel,
    lines,
    codes: tried.codes,
    delivery_minor: tried.delivery,
    member_id: tried.member || null,
    tier: tried.tier || null,
    first_order: tried.first,
    also: tried.also,
    policy: tried.policy,
  }
}
