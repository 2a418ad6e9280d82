import { expect, test } from "vitest"
import { told } from "../src/lib/told"
import { addDays, daysBetween, formats, roundUp } from "../src/lib/format"

const en = formats("en", "USD")
const zh = formats("zh", "USD")

test("money is minor units of the shop's currency, with a true minus", () => {
  expect(en.money(123_456)).toBe("$1,235")
  expect(en.money(-123_456, { signed: true })).toBe("\u2212$1,235")
  expect(en.money(249)).toBe("$2.49")
  expect(en.money(0)).toBe("$0")
  expect(formats("zh", "CNY").money(123_456, { signed: true })).toBe("+¥1,235")
})

test("a figure of its own is whole from a hundred units on", () => {
  expect(en.money(9_999)).toBe("$99.99")
  expect(en.money(10_000)).toBe("$100")
  expect(en.money(123_456, { exact: true })).toBe("$1,234.56")
  expect(formats("en", "JPY").money(5, { exact: true })).toBe("¥5")
})

test("the figures of a column have the same digits, whatever their sizes", () => {
  const small = en.column([{ low: 1_900, mid: 11_600, high: 19_000 }, 11, null])
  expect([small.money(11_600), small.money(11, { signed: true }), small.money(0)]).toEqual(["$116.00", "+$0.11", "$0.00"])
  const large = en.column([488_700, undefined, 64_049])
  expect([large.money(488_700), large.money(64_049)]).toEqual(["$4,887", "$640"])
  expect(large.range({ low: 62_000, mid: 70_050, high: 98_765 })).toEqual({ low: "620", mid: "$701", gain: "+$701", high: "988" })
})

test("a currency without minor units is not divided", () => {
  expect(formats("en", "JPY").money(1500)).toBe("¥1,500")
})

test("large figures are compact in each language's own steps", () => {
  expect(zh.compact(123_456)).toBe("12.3万")
  expect(zh.compact(312_345_678)).toBe("3.1亿")
  expect(en.compact(123_456)).toBe("123.5K")
  expect(en.compact(9_999)).toBe("9,999")
  expect(zh.money(412_345_600, { compact: true })).toBe("$412.3万")
})

test("the ends of an interval have the same digits", () => {
  expect(en.moneyRange({ low: 320, mid: 900, high: 150_000 })).toEqual({ low: "3", mid: "$9", gain: "+$9", high: "1,500" })
  expect(en.moneyRange({ low: 12, mid: 90, high: 250 })).toEqual({ low: "0.12", mid: "$0.90", gain: "+$0.90", high: "2.50" })
})

test("a day is shown as it is written, whatever the reader's time zone", () => {
  expect(en.day("2017-11-26")).toBe("Nov 26, 2017")
  expect(zh.day("2017-11-26")).toBe("2017年11月26日")
  expect(en.localTime("2017-11-26T00:10:00")).toBe("Nov 26, 2017, 00:10")
})

test("days are counted across a change of month and of clocks", () => {
  expect(daysBetween("2017-10-28", "2017-11-26")).toBe(29)
  expect(addDays("2017-02-28", 1)).toBe("2017-03-01")
})

test("a scale ends at a round number that holds the value", () => {
  for (const value of [0.7, 3, 14, 99, 101, 2611, 98_765]) {
    expect(roundUp(value)).toBeGreaterThanOrEqual(value)
    expect(roundUp(value)).toBeLessThanOrEqual(value * 2)
  }
})

test("the week begins on Monday", () => {
  expect(en.weekday(0)).toBe("Mon")
  expect(zh.weekday(6)).toBe("周日")
})

test("a change is told as from and to", () => {
  expect(told({ units: [40, 43], address: "127.0.0.1", gone: null })).toBe("units 40 \u2192 43, address 127.0.0.1")
  expect(told({ action: { from: { units: 1 }, to: { units: 2 } } })).toBe("action units 1 \u2192 units 2")
})
