import { expect, test } from "vitest"
import { change, definitionIn, negated, nodeAt, nodesOf, ownerOf, shift, type Node } from "../src/pages/customers/audiences/language"

const tier = (name: string): Node => ({ op: "tier", in: [name] })
const root: Node = { op: "and", of: [tier("high"), { op: "not", of: { op: "or", of: [tier("mid"), tier("low")] } }, tier("low")] }

test("paths name nodes as the server does", () => {
  expect(nodesOf(root).map((one) => one.path)).toEqual(["where", "where.of.0", "where.of.1", "where.of.1.of", "where.of.1.of.of.0", "where.of.1.of.of.1", "where.of.2"])
})

test("whatever the server names lies in the innermost node around it", () => {
  expect(ownerOf(root, "where.of.0.in.0")).toBe("where.of.0")
  expect(ownerOf(root, "where.of.1.of.of.1.in")).toBe("where.of.1.of.of.1")
  expect(ownerOf(root, "version")).toBe("where")
  const long: Node = { op: "and", of: Array.from({ length: 11 }, () => tier("high")) }
  expect(ownerOf(long, "where.of.10.in")).toBe("where.of.10")
})

test("a change touches one node and leaves the others the same objects", () => {
  const next = change(root, "where.of.1.of.of.0", () => tier("high"))
  expect(nodeAt(next, "where.of.1.of.of.0")).toEqual(tier("high"))
  expect(nodeAt(next, "where.of.0")).toBe(nodeAt(root, "where.of.0"))
  expect(nodeAt(root, "where.of.1.of.of.0")).toEqual(tier("mid"))
})

test("taking a node out closes the gap, and taking the only one out of a not takes the not with it", () => {
  expect(nodeAt(change(root, "where.of.0", () => null), "where.of.1")).toEqual(tier("low"))
  const one: Node = { op: "and", of: [{ op: "not", of: tier("high") }] }
  expect(change(one, "where.of.0.of", () => null)).toEqual({ op: "and", of: [] })
})

test("moving up and down again is where it was, and the ends hold", () => {
  expect(shift(shift(root, "where.of.2", -1), "where.of.1", 1)).toEqual(root)
  expect(shift(root, "where.of.0", -1)).toEqual(root)
})

test("a condition under one not has to fail, under two it has to hold", () => {
  expect(negated(root, "where.of.0")).toBe(false)
  expect(negated(root, "where.of.1.of.of.0")).toBe(true)
  expect(negated({ op: "not", of: { op: "not", of: tier("high") } }, "where.of.of")).toBe(false)
})

test("text is a definition or it is not", () => {
  expect(definitionIn(JSON.stringify({ version: 1, where: root }))).toEqual({ version: 1, where: root })
  for (const text of ["", "{", "[]", '{"version":2,"where":{"op":"and","of":[]}}', '{"version":1,"where":{"op":"and","of":[{}]}}', '{"version":1}']) {
    expect(definitionIn(text), text).toBeNull()
  }
})
