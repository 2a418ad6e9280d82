import { expect, test } from "vitest"
import { address } from "../src/lib/api"
import { oneOf } from "../src/lib/url"
import { csvCell, csvOf, hiddenColumns, hideWord } from "../src/parts/tabletools"

const columns = [
  { key: "id", title: "Id", show: () => null, csv: (row: { id: string; n: number }) => row.id },
  { key: "n", title: "N", extra: true, show: () => null, csv: (row: { id: string; n: number }) => row.n },
  { key: "picture", title: "Picture", show: () => null },
]

test("a cell that a spreadsheet would run as a formula is made text", () => {
  expect(csvCell("=1+1")).toBe("'=1+1")
  expect(csvCell('say "hi", twice')).toBe('"say ""hi"", twice"')
  expect(csvCell(-3)).toBe("-3")
  expect(csvCell(null)).toBe("")
})

test("a CSV has one column for each that has text, and none for pictures", () => {
  expect(csvOf(columns, [{ id: "a,b", n: 2 }])).toBe('\ufeffid,n\r\n"a,b",2\r\n')
})

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
