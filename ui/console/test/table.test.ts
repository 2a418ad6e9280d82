import { expect, test } from "vitest"
import { address } from "../src/lib/api"
import { oneOf } from "../src/lib/url"
import { hiddenColumns, hideWord } from "../src/lib/columns"

const columns = [{ key: "id" }, { key: "n", extra: true }, { key: "picture" }]

test("which columns are hidden survives the address", () => {
  const start = hiddenColumns(columns, "")
  expect([...start]).toEqual(["n"])
  const shown = hideWord(start, "n", false)
  expect([...hiddenColumns(columns, shown)]).toEqual([])
  const hidden = hideWord(hiddenColumns(columns, shown), "picture", true)
  expect([...hiddenColumns(columns, hidden)]).toEqual(["picture"])
})

test("an address leaves out what is not set", () => {
  expect(address("/v1/customers", { q: "", state: "all", desc: false, cursor: null })).toBe("/v1/customers?state=all&desc=false")
})

test("a word that is not ours is not taken from the address", () => {
  expect(oneOf("drop table", ["gain", "day"])).toBeUndefined()
  expect(oneOf("day", ["gain", "day"])).toBe("day")
})
