/** A small object as people read it: "units 40 \u2192 43, address 127.0.0.1". A pair is a change. */
export function told(detail: Record<string, unknown>): string {
  return Object.entries(detail)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => `${key} ${one(value)}`)
    .join(", ")
}

function one(value: unknown): string {
  if (Array.isArray(value)) return value.length === 2 ? value.map(one).join(" \u2192 ") : value.map(one).join(" ")
  if (typeof value === "object" && value !== null) {
    const { from, to, before, after } = value as Record<string, unknown>
    if (to !== undefined || after !== undefined) return `${one(from ?? before)} \u2192 ${one(to ?? after)}`
    return told(value as Record<string, unknown>)
  }
  return String(value)
}
