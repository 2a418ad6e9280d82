import { expect, test } from "vitest"
import { stretch } from "../src/lib/stretch"

test("a stretched scale keeps the order of values, losses included, and finds the way back", () => {
  const scale = stretch([-500, -3, 0, 1, 4, 20, 900, 25_000])
  const places = [-500, -3, 0, 1, 4, 20, 900, 25_000].map(scale.to)
  expect([...places].sort((a, b) => a - b)).toEqual(places)
  for (const value of [-500, 0, 900]) expect(scale.back(scale.to(value))).toBeCloseTo(value, 6)
})

test("its ticks are round, lie on the scale and leave each other room", () => {
  const scale = stretch([2, 5, 8, 30, 44, 171])
  expect(scale.ticks[0]).toBe(0)
  expect(scale.ticks.length).toBeGreaterThan(2)
  const places = scale.ticks.map(scale.to)
  places.slice(1).forEach((place, i) => expect(place - places[i]!).toBeGreaterThanOrEqual((scale.max - scale.min) * 0.109))
  expect(Math.max(...places)).toBeLessThanOrEqual(scale.max)
})

test("a scale of nothing but zeros still has a length", () => {
  const scale = stretch([0, 0])
  expect(scale.max).toBeGreaterThan(scale.min)
})
