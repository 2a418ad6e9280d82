import { describe, expect, it } from "vitest"
import { below, children, tree, type Category } from "../src/pages/shop/setup/tree"

const one = (category_id: string, parent_id: string | null, position: number): Category => ({ category_id, parent_id, position, name: { zh: category_id, en: category_id } })
const every = [one("green", "tea", 1), one("cups", null, 0), one("tea", null, 1), one("black", "tea", 0), one("keemun", "black", 0)]

describe("categories as a tree", () => {
  it("names each one once, after its parent, in the order of positions", () => {
    expect(tree(every).map((row) => [row.category_id, row.depth])).toEqual([
      ["cups", 0],
      ["tea", 0],
      ["black", 1],
      ["keemun", 2],
      ["green", 1],
    ])
  })
  it("knows where a category cannot be moved: into itself and below", () => {
    expect(below(every, "black")).toEqual(new Set(["black", "keemun"]))
  })
  it("orders equal positions by key, so that none jumps", () => {
    expect(children([one("b", null, 0), one("a", null, 0)], null).map((row) => row.category_id)).toEqual(["a", "b"])
  })
})
