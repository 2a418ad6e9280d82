import { Choice } from "../../../parts/choice"
import { DidFields } from "./did"
import { CompareField, GoodsField, MoneyField, NumberField, ShareField, Some, WindowField } from "./fields"
import type { Leaf, Scalar, Trait } from "./language"
import { SequenceFields } from "./sequence"
import { usePhrases } from "./say"
import { raw, Sentence } from "./sentence"

export type LeafProps<N extends Leaf = Leaf> = { node: N; onChange(node: N): void; today: string }


/** The fields of one condition, laid out as the sentence that it says. */
export function LeafFields({ node, onChange, today }: LeafProps) {
  const { t, known } = usePhrases()
  const { lists } = known
  switch (node.op) {
    case "did":
      return <DidFields node={node} onChange={onChange} today={today} />
    case "sequence":
      return <SequenceFields node={node} onChange={onChange} today={today} />
    case "trait":
      return <TraitFields node={node} onChange={onChange} today={today} />
    case "basket": {
      const how = (
        <Choice
          label={t("basketLabel")}
          value={node.how}
          options={(["together", "never_together"] as const).map((one) => ({ value: one, label: t(`basketHow.${one}`) }))}
          onChange={(next) => onChange({ ...node, how: next as typeof node.how })}
        />
      )
      const goods = (side: "a" | "b") => <GoodsField label={t(`basket.${side}`)} value={node[side]} onChange={(next) => onChange({ ...node, [side]: { fact: "order", ...next } })} />
      const times = <NumberField label={t("basket.timesLabel")} value={node.at_least ?? 1} min={1} max={10_000} onChange={(at_least) => onChange({ ...node, at_least })} />
      return (
        <>
          <Sentence of={t("basketSays", raw)} parts={{ a: goods("a"), how, b: goods("b") }} />
          <Sentence of={t("basket.times", raw)} parts={{ n: times }} />
          <WindowField value={node.window} today={today} onChange={(window) => onChange({ ...node, window })} />
        </>
      )
    }
    case "stage":
    case "tier": {
      const options = node.op === "stage" ? lists.stages : lists.tiers
      return <Sentence of={t(node.op, raw)} parts={{ in: <Some label={t("inLabel")} values={node.in} options={options} placeholder={t("choose")} onChange={(next) => onChange({ ...node, in: next })} /> }} />
    }
    case "persona": {
      const names = <Some label={t("inLabel")} values={node.in} options={lists.personas} placeholder={t("choose")} onChange={(next) => onChange({ ...node, in: next })} />
      const least = <ShareField label={t("leastWeight")} value={node.at_least ?? 0} onChange={(at_least) => onChange({ op: node.op, in: node.in, ...(at_least > 0 ? { at_least } : {}) })} />
      return <Sentence of={t("personaLeast", raw)} parts={{ in: names, at_least: least }} />
    }
    case "value": {
      const start = { value_minor: 10_000, p_alive: 0.5, orders: 3 }
      const measure = (
        <Choice
          label={t("measureLabel")}
          value={node.measure}
          options={(["value_minor", "p_alive", "orders"] as const).map((one) => ({ value: one, label: t(`worthMeasure.${one}`) }))}
          onChange={(next) => onChange({ ...node, measure: next as typeof node.measure, value: start[next as typeof node.measure] })}
        />
      )
      const field = { label: t("amountLabel"), value: node.value, onChange: (value: number) => onChange({ ...node, value }) }
      const value = node.measure === "value_minor" ? <MoneyField {...field} /> : node.measure === "p_alive" ? <ShareField {...field} /> : <NumberField {...field} digits={1} />
      return <Sentence of={t("worth", raw)} parts={{ measure, compare: <CompareField value={node.compare} onChange={(compare) => onChange({ ...node, compare })} />, value }} />
    }
    case "next_purchase": {
      const { products, categories } = node
      const goods = <GoodsField departments={false} value={{ products, categories }} onChange={(next) => onChange({ op: node.op, within_days: node.within_days, probability: node.probability, ...next })} />
      const days = <NumberField label={t("daysLabel")} value={node.within_days} min={1} max={7} onChange={(within_days) => onChange({ ...node, within_days })} />
      const probability = <ShareField label={t("probabilityLabel")} value={node.probability} onChange={(next) => onChange({ ...node, probability: next })} />
      return <Sentence of={t("next", raw)} parts={{ goods, days, probability }} />
    }
    case "text": {
      const tone = (
        <Choice label={t("toneLabel")} value={node.tone} options={(["any", "good", "bad"] as const).map((one) => ({ value: one, label: t(`tone.${one}`) }))} onChange={(next) => onChange({ ...node, tone: next as typeof node.tone })} />
      )
      const aspect = <One label={t("aspectLabel")} value={node.aspect} options={lists.aspects} onChange={(next) => onChange({ ...node, aspect: next })} />
      return (
        <>
          <Sentence of={t("said", raw)} parts={{ tone, aspect }} />
          <WindowField value={node.window} today={today} onChange={(window) => onChange({ ...node, window })} />
        </>
      )
    }
    case "audience":
      return <Sentence of={t("inAudience", raw)} parts={{ audience: <One label={t("audienceLabel")} value={node.id} options={lists.audiences} gone={t("audienceGone")} onChange={(id) => onChange({ ...node, id })} /> }} />
  }
}

type OneProps = { label: string; value: string; options: readonly { value: string; label: string }[]; onChange(value: string): void; gone?: string }

/** One of the known words; a word that is no longer known stays, told as such. */
function One({ label, value, options, onChange, gone }: OneProps) {
  const { t } = usePhrases()
  const known = options.some((one) => one.value === value)
  const all = known ? options : [{ value, label: value ? (gone ?? value) : t("choose") }, ...options]
  return <Choice label={label} value={value} options={[...all]} onChange={onChange} />
}

const traitCompares = ["is", "is_not", "in", "contains", "exists", "lt", "lte", "gt", "gte"] as const

const ordered: readonly string[] = ["lt", "lte", "gt", "gte"]
const read = (text: string, number: boolean): Scalar => (number && text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text)

function TraitFields({ node, onChange }: LeafProps<Trait>) {
  const { t, known } = usePhrases()
  const trait = known.lists.traits.find((one) => one.value === node.name)
  const number = ordered.includes(node.compare) || (trait?.number ?? false) || typeof node.value === "number"
  const options = trait?.values ?? []
  const several = Array.isArray(node.value) ? node.value.map(String) : node.value === undefined ? [] : [String(node.value)]
  const turn = (next: string) => {
    const compare = next as Trait["compare"]
    if (compare === "exists") return onChange({ op: "trait", name: node.name, compare })
    const first = several[0] ?? options[0]?.value ?? ""
    onChange({ op: "trait", name: node.name, compare, value: compare === "in" ? several.map((one) => read(one, number)) : read(first, number) })
  }
  const put = (value: string) => onChange({ ...node, value: read(value, number) })
  const name = (
    <One label={t("traitLabel")} value={node.name} options={known.lists.traits} onChange={(next) => onChange({ op: "trait", name: next, compare: "exists" })} />
  )
  const compare = <Choice label={t("compareLabel")} value={node.compare} options={traitCompares.map((one) => ({ value: one, label: t(`traitCompare.${one}`) }))} onChange={turn} />
  const value =
    node.compare === "exists" ? null : node.compare === "in" ? (
      <Some label={t("valueLabel")} values={several} options={options} free placeholder={t("choose")} onChange={(next) => onChange({ ...node, value: next.map((one) => read(one, number)) })} />
    ) : options.length > 0 && (node.compare === "is" || node.compare === "is_not") ? (
      <One label={t("valueLabel")} value={several[0] ?? ""} options={options} onChange={put} />
    ) : (
      <input className="choice plain" aria-label={t("valueLabel")} value={several[0] ?? ""} onChange={(event) => put(event.target.value)} />
    )
  return <Sentence of={t("trait", raw)} parts={{ name, compare, value }} />
}
