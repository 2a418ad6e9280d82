/** The language of audiences, version 1: what the server reads, and paths into it as the server names them. */
export type Fact =
  | { fact: "order"; products?: string[]; departments?: string[]; categories?: string[] }
  | { fact: "event"; name: string; products?: string[]; departments?: string[]; categories?: string[] }
export type Window = { last_days: number } | { from?: string; to?: string }
export type Compare = "eq" | "gte" | "lte" | "gt" | "lt"
export type Span = { days: number } | { hours: number } | { minutes: number }
export type Step = { what: Fact; within?: Span } | { absent: Fact; for?: Span }
export type When = { hours?: [number, number]; weekdays?: number[] }
export type At = { stores?: string[]; channels?: string[]; rooms?: string[] }
export type Scalar = string | number | boolean

export type Group = { op: "and"; of: Node[] } | { op: "or"; of: Node[] }
export type Not = { op: "not"; of: Node }
export type Trait = { op: "trait"; name: string; compare: "is" | "is_not" | "in" | "contains" | "exists" | "lt" | "lte" | "gt" | "gte"; value?: Scalar | Scalar[] }
export type Did = {
  op: "did"
  what: Fact
  measure: "count" | "sum" | "distinct" | "min" | "max"
  of: "orders" | "lines" | "units" | "spend" | "products" | "days" | "value" | "events"
  compare: Compare
  value: number
  window?: Window
  when?: When
  at?: At
}
/** `within` is from the first step to the last. */
export type Sequence = { op: "sequence"; steps: Step[]; window?: Window; within?: Span }
export type Basket = { op: "basket"; how: "together" | "never_together"; a: Fact; b: Fact; at_least?: number; window?: Window }
export type Text = { op: "text"; aspect: string; tone: "any" | "good" | "bad"; window?: Window }
export type In = { op: "stage" | "tier"; in: string[] }
export type Persona = { op: "persona"; in: string[]; at_least?: number }
export type Value = { op: "value"; measure: "value_minor" | "p_alive" | "orders"; compare: Compare; value: number }
export type NextPurchase = { op: "next_purchase"; products?: string[]; categories?: string[]; within_days: number; probability: number }
export type Member = { op: "audience"; id: string }
export type Leaf = Trait | Did | Sequence | Basket | Text | In | Persona | Value | NextPurchase | Member
export type Node = Group | Not | Leaf
export type Definition = { version: 1; where: Node }
export type Op = Node["op"]
export type LeafOp = Leaf["op"]

export const leafOps: readonly LeafOp[] = ["did", "sequence", "basket", "trait", "stage", "tier", "persona", "value", "next_purchase", "text", "audience"]

const isGroup = (node: Node): node is Group => node.op === "and" || node.op === "or"

/** The conditions directly under a node. */
export const childrenOf = (node: Node): Node[] => (isGroup(node) ? node.of : node.op === "not" ? [node.of] : [])

/** Every node with its path, the outer before the inner: "where", "where.of.0", "where.of.1.of". */
export function nodesOf(node: Node, path = "where"): { path: string; node: Node }[] {
  const inner = isGroup(node) ? node.of.flatMap((one, i) => nodesOf(one, `${path}.of.${i}`)) : node.op === "not" ? nodesOf(node.of, `${path}.of`) : []
  return [{ path, node }, ...inner]
}

export const nodeAt = (root: Node, path: string) => nodesOf(root).find((one) => one.path === path)?.node

/** Whether a condition stands under an odd number of "not": then it has to fail for the whole to hold. */
export const negated = (root: Node, path: string) =>
  nodesOf(root).filter((one) => one.node.op === "not" && path.startsWith(`${one.path}.`)).length % 2 === 1

/** The node that a path of the server lies in: "where.of.1.window" lies in "where.of.1". */
export function ownerOf(root: Node, path: string): string {
  const inside = nodesOf(root).filter((one) => path === one.path || path.startsWith(`${one.path}.`))
  return inside.at(-1)?.path ?? "where"
}

/** The tree with one node made anew; null takes it out of its group. */
export function change(root: Node, path: string, make: (node: Node) => Node | null): Node {
  const go = (node: Node, here: string): Node | null => {
    if (here === path) return make(node)
    if (!path.startsWith(`${here}.`)) return node
    if (isGroup(node)) return { ...node, of: node.of.flatMap((one, i) => go(one, `${here}.of.${i}`) ?? []) }
    if (node.op !== "not") return node
    const inner = go(node.of, `${here}.of`)
    return inner && { ...node, of: inner }
  }
  return go(root, "where") ?? { op: "and", of: [] }
}

/** A condition one place up or down within its group. */
export function shift(root: Node, path: string, by: -1 | 1): Node {
  const [, group, place] = /^(.*)\.of\.(\d+)$/.exec(path) ?? []
  if (group === undefined) return root
  const at = Number(place)
  return change(root, group, (node) => {
    if (!isGroup(node)) return node
    const of = [...node.of]
    const [one] = of.splice(at, 1)
    if (one) of.splice(Math.max(0, at + by), 0, one)
    return { ...node, of }
  })
}

/** A definition always begins with a group, so that there is somewhere to add to. */
export const rooted = (node: Node): Group => (isGroup(node) ? node : { op: "and", of: [node] })

const order: Fact = { fact: "order" }

/** A condition as it begins: complete enough for the server to count it, wherever the shop has what it needs. */
export function begin(op: Op, first: { trait?: string; aspect?: string; persona?: string; audience?: string; event?: string }): Node {
  switch (op) {
    case "and":
    case "or":
      return { op, of: [begin("did", first)] }
    case "not":
      return { op, of: begin("did", first) }
    case "did":
      return { op, what: order, measure: "count", of: "orders", compare: "gte", value: 1, window: { last_days: 90 } }
    case "sequence":
      return { op, steps: [{ what: first.event ? { fact: "event", name: first.event } : order }, { what: order, within: { days: 7 } }], window: { last_days: 90 } }
    case "basket":
      return { op, how: "together", a: order, b: order, at_least: 1, window: { last_days: 90 } }
    case "trait":
      return { op, name: first.trait ?? "", compare: "exists" }
    case "stage":
      return { op, in: ["at_risk"] }
    case "tier":
      return { op, in: ["high"] }
    case "persona":
      return { op, in: first.persona ? [first.persona] : [] }
    case "value":
      return { op, measure: "p_alive", compare: "gte", value: 0.5 }
    case "next_purchase":
      return { op, within_days: 7, probability: 0.3 }
    case "text":
      return { op, aspect: first.aspect ?? "", tone: "any", window: { last_days: 365 } }
    case "audience":
      return { op, id: first.audience ?? "" }
  }
}

const ops: readonly string[] = ["and", "or", "not", ...leafOps]

/** Whether something read from text can stand on the builder at all; everything finer is the server's to say. */
export function looksLikeNode(value: unknown): value is Node {
  if (typeof value !== "object" || value === null) return false
  const { op, of } = value as { op?: unknown; of?: unknown }
  if (typeof op !== "string" || !ops.includes(op)) return false
  if (op === "and" || op === "or") return Array.isArray(of) && of.every(looksLikeNode)
  return op === "not" ? looksLikeNode(of) : true
}

/** The definition in a text of JSON, or null with nothing said: its form is what was wrong. */
export function definitionIn(text: string): Definition | null {
  try {
    const read = JSON.parse(text) as { version?: unknown; where?: unknown }
    return read.version === 1 && looksLikeNode(read.where) ? { version: 1, where: read.where } : null
  } catch {
    return null
  }
}
