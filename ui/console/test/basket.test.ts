import { describe, expect, it } from "vitest"
import { asked, empty, read, write, type Tried } from "../src/pages/shop/promotions/basket"

const full: Tried = {
  lines: [
    { sku: "hoodie-ink-m", quantity: 2 },
    { sku: "伞", quantity: 1 },
  ],
  codes: ["WELCOME20"],
  delivery: 1200,
  member: "m1",
  tier: "gold",
  first: true,
  also: ["018f"],
  policy: { most_bp: 5000, coupons: 0 },
}

describe("a tried basket in the address", () => {
  it("comes back as it was", () => {
    expect(read(write(full))).toEqual(full)
    expect(read(write({ ...empty, lines: [{ sku: "tea", quantity: 3 }] })).lines).toEqual([{ sku: "tea", quantity: 3 }])
  })
  it("leaves the address plain while nothing was put in", () => {
    expect(write(empty)).toBe("")
    expect(read("")).toEqual(empty)
  })
  it("is empty where somebody wrote nonsense", () => {
    for (const given of ["{", "[]", "null", '{"l":7}', '{"l":[7,[1,2]]}', '{"p":["x"]}', '{"l":[["a",-1]],"c":"x"}']) {
      const found = read(given)
      expect(found.lines.length).toBeGreaterThan(0)
      expect(found.lines.every((line) => line.quantity >= 1)).toBe(true)
      expect(Array.isArray(found.codes)).toBe(true)
    }
  })
  it("asks nothing of the server before there are goods", () => {
    expect(asked(empty)).toBeNull()
    expect(asked(full)?.lines).toHaveLength(2)
    expect(asked({ ...full, lines: [...full.lines, { sku: "", quantity: 1 }] })?.lines).toHaveLength(2)
  })
})
