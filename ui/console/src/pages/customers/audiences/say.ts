import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import { useKnown } from "./known"
import { negated, nodeAt, nodesOf, type At, type Compare, type Definition, type Did, type Fact, type Leaf, type Node, type Span, type Step, type When, type Window } from "./language"

/** Which of the measures a marketer names one counts: a measure and what it is of. */
export const measures = {
  orders: ["count", "orders"],
  spend: ["sum", "spend"],
  units: ["sum", "units"],
  lines: ["count", "lines"],
  products: ["distinct", "products"],
  days: ["distinct", "days"],
  events: ["count", "events"],
  value: ["sum", "value"],
  maxValue: ["max", "value"],
  minValue: ["min", "value"],
  maxSpend: ["max", "spend"],
  minSpend: ["min", "spend"],
  maxUnits: ["max", "units"],
  minUnits: ["min", "units"],
} as const satisfies Record<string, readonly [Did["measure"], Did["of"]]>
export type MeasureKey = keyof typeof measures

/** What can be counted of each fact. */
export const measuresOf: Record<Fact["fact"], readonly MeasureKey[]> = {
  order: ["orders", "spend", "units", "lines", "products", "days", "maxSpend", "minSpend", "maxUnits", "minUnits"],
  event: ["events", "days", "products", "units", "value", "maxValue", "minValue"],
}

/** A measure under the name people know it by; counting days is counting different days. */
export function measureKey({ measure, of }: Pick<Did, "measure" | "of">): MeasureKey | undefined {
  const counted = measure === "distinct" && of === "orders" ? "count" : measure === "count" && (of === "days" || of === "products") ? "distinct" : measure
  return (Object.keys(measures) as MeasureKey[]).find((key) => measures[key][0] === counted && measures[key][1] === of)
}

const workdays = [1, 2, 3, 4, 5]
const same = (one: number[], other: number[]) => one.length === other.length && one.every((day) => other.includes(day))

/** The goods that a definition names by number, so that their titles can be fetched. */
export function productsIn(...definitions: (Definition | undefined)[]): string[] {
  const facts = definitions.flatMap((one) => (one ? nodesOf(one.where).flatMap(({ node }) => factsOf(node)) : []))
  return [...new Set(facts.flatMap((fact) => fact.products ?? []))].sort()
}

function factsOf(node: Node): { products?: string[] }[] {
  if (node.op === "did") return [node.what]
  if (node.op === "basket") return [node.a, node.b]
  if (node.op === "sequence") return node.steps.map((step) => ("absent" in step ? step.absent : step.what))
  return node.op === "next_purchase" ? [node] : []
}

/** Of a long list of goods; the builder's own field shows them all. */
const SHOWN = 3

/** The smaller phrases of a condition, in the reader's language. */
export function usePhrases(products: string[] = []) {
  const { t } = useTranslation(["audiences", "lifecycle", "common"])
  const f = useFormats()
  const known = useKnown(products)
  const among = (names: string[]) => {
    const last = names.at(-1)
    if (last === undefined) return t("nothingChosen")
    return names.length === 1 ? last : t("joined", { first: names.slice(0, -1).join(t("comma")), last })
  }
  const few = (names: string[]) => {
    const left = names.length - SHOWN
    return left > 1 ? t("joinedMore", { first: names.slice(0, SHOWN).join(t("comma")), count: left }) : among(names)
  }
  const goods = (what: { products?: string[]; categories?: string[]; departments?: string[] }) => {
    const names = [...(what.products ?? []).map(known.product), ...(what.categories ?? []).map(known.category), ...(what.departments ?? []).map(known.category)]
    return names.length ? few([...new Set(names)]) : t("goodsAny")
  }
  const fact = (what: Fact) => {
    if (what.fact === "order") return t("fact.order", { goods: goods(what) })
    const event = known.event(what.name)
    return what.products?.length || what.categories?.length || what.departments?.length ? t("fact.eventGoods", { event, goods: goods(what) }) : t("fact.event", { event })
  }
  const day = (iso: string) => f.day(iso)
  const window = (one: Window | undefined) => {
    if (!one) return t("window.any")
    if ("last_days" in one) return t("window.last", { days: f.whole(one.last_days) })
    if (one.from && one.to) return t("window.between", { from: day(one.from), to: day(one.to) })
    if (one.from) return t("window.since", { from: day(one.from) })
    return one.to ? t("window.until", { to: day(one.to) }) : t("window.any")
  }
  const weekdays = (days: number[]) => {
    if (same(days, workdays)) return t("weekdays")
    if (same(days, [6, 7])) return t("weekend")
    return t("weekdaysOn", { days: among([...days].sort((a, b) => a - b).map((one) => f.weekday(one - 1))) })
  }
  const when = (one: When | undefined) => [
    ...(one?.hours ? [t("hours", { from: one.hours[0], to: one.hours[1] })] : []),
    ...(one?.weekdays?.length ? [weekdays(one.weekdays)] : []),
  ]
  const at = (one: At | undefined) => {
    const places = [...(one?.stores ?? []), ...(one?.channels ?? []), ...(one?.rooms ?? [])]
    return places.length ? [t("placesAt", { places: among(places) })] : []
  }
  const within = (span: Span | undefined) => {
    const [unit, number] = Object.entries(span ?? {})[0] ?? []
    return unit === undefined ? t("sequence.any") : t("sequence.within", { number: f.whole(Number(number)), unit: t(`unit.${unit as "days"}`) })
  }
  const compare = (one: Compare) => t(`compare.${one}`)
  return { t, f, known, among, goods, fact, window, when, at, within, compare }
}

/** A whole definition, or one condition of it, in a sentence. */
export function useSay(products: string[] = []) {
  const phrases = usePhrases(products)
  const { t, f, known, among, goods, fact, window, when, at, within, compare } = phrases
  const clauses = (...parts: string[]) => parts.filter(Boolean).join(t("clauses"))
  const money = (minor: number) => f.money(minor)

  const did = (node: Did) => {
    const key = measureKey(node)
    const figure = node.of === "spend" ? money(node.value) : f.quantity(node.value)
    const measure = key ? t(`measure.${key}`) : t("measure.other", { measure: node.measure, of: node.of })
    const once = key === (node.what.fact === "order" ? "orders" : "events") && node.compare === "gte" && node.value === 1
    return clauses(fact(node.what), once ? "" : t("amount", { compare: compare(node.compare), value: figure, measure }), window(node.window), ...when(node.when), ...at(node.at))
  }
  const step = (one: Step, i: number, all: Step[]) => {
    if ("absent" in one) {
      const what = fact(one.absent)
      return i === all.length - 1 ? t("sequence.notAfter", { what, within: within(one.for) }) : t("sequence.not", { what })
    }
    return i === 0 ? t("sequence.first", { what: fact(one.what) }) : t("sequence.then", { what: fact(one.what), within: within(one.within) })
  }
  const leaf = (node: Leaf): string => {
    switch (node.op) {
      case "did":
        return did(node)
      case "sequence":
        return clauses(...node.steps.map(step), node.within ? t("sequence.whole", { within: within(node.within) }) : "", window(node.window))
      case "basket":
        return clauses(t(`basket.${node.how}`, { a: goods(node.a), b: goods(node.b) }), (node.at_least ?? 1) > 1 ? t("basket.times", { n: f.whole(node.at_least ?? 1) }) : "", window(node.window))
      case "trait": {
        const name = known.trait(node.name)
        if (node.compare === "exists") return t("traitExists", { name })
        const values = Array.isArray(node.value) ? node.value : [node.value ?? ""]
        return t("trait", { name, compare: t(`traitCompare.${node.compare}`), value: among(values.map(String)) })
      }
      case "stage":
        return t("stage", { in: among(node.in.map(known.place)) })
      case "tier":
        return t("tier", { in: among(node.in.map(known.place)) })
      case "persona": {
        const names = among(node.in.map(known.persona))
        return node.at_least === undefined ? t("persona", { in: names }) : t("personaLeast", { in: names, at_least: f.percent(node.at_least) })
      }
      case "value": {
        const value = node.measure === "value_minor" ? money(node.value) : node.measure === "p_alive" ? f.percent(node.value) : f.quantity(node.value)
        return t("worth", { measure: t(`worthMeasure.${node.measure}`), compare: compare(node.compare), value })
      }
      case "next_purchase":
        return t("next", { goods: goods(node), days: f.whole(node.within_days), probability: f.percent(node.probability) })
      case "text":
        return clauses(t("said", { tone: t(`tone.${node.tone}`), aspect: known.aspect(node.aspect) }), window(node.window))
      case "audience":
        return t("inAudience", { audience: known.audience(node.id) })
    }
  }
  const say = (node: Node, outer = true): string => {
    if (node.op === "and" || node.op === "or") {
      if (node.of.length === 0) return t("everybody")
      const inner = node.of.map((one) => say(one, node.of.length === 1 && outer)).join(t(node.op === "and" ? "joinAnd" : "joinOr"))
      return node.of.length === 1 || outer ? inner : t("or", { inner })
    }
    if (node.op === "not") return node.of.op === "or" ? t("noneSays", { inner: say(node.of, true) }) : t("notSays", { inner: say(node.of, true) })
    return leaf(node)
  }
  /** The condition at a path, turned round where it stands under a "not"; null where none stands there any more. */
  const says = (root: Node, path: string): string | null => {
    const node = nodeAt(root, path)
    if (!node || node.op === "and" || node.op === "or" || node.op === "not") return null
    return negated(root, path) ? t("notSays", { inner: leaf(node) }) : leaf(node)
  }
  return { ...phrases, say, says, leaf }
}
