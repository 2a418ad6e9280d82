import { InputNumber, Select } from "antd"
import { Choice } from "../../../parts/choice"
import { goodsOf, useGoods, type Goods, type Option } from "./goods"
import type { Compare, Fact, Span, Window } from "./language"
import { usePhrases } from "./say"
import { raw, Sentence } from "./sentence"

type NumberProps = { label: string; value: number; onChange(value: number): void; min?: number; max?: number; digits?: number; suffix?: string; scale?: number }

/** A number within a sentence; `scale` shows shares as percent and minor units as money. */
export function NumberField({ label, value, onChange, min = 0, max = 1e12, digits = 0, suffix, scale = 1 }: NumberProps) {
  return (
    <InputNumber
      aria-label={label}
      className={suffix ? "infield unit" : "infield"}
      controls={false}
      value={Math.round(value * scale * 1e6) / 1e6}
      min={min * scale}
      max={max * scale}
      precision={digits}
      suffix={suffix}
      onChange={(next) => next !== null && onChange(Math.round((next / scale) * 1e6) / 1e6)}
    />
  )
}

/** Money in the shop's unit; the definition holds minor units. */
export function MoneyField(props: Pick<NumberProps, "label" | "value" | "onChange">) {
  const { f } = usePhrases()
  return <NumberField {...props} scale={1 / f.unit} digits={Math.round(Math.log10(f.unit))} suffix={f.currency} />
}

export function ShareField(props: Pick<NumberProps, "label" | "value" | "onChange">) {
  return <NumberField {...props} scale={100} max={1} suffix="%" />
}

const compares: readonly Compare[] = ["gte", "lte", "eq", "gt", "lt"]

export function CompareField({ value, onChange }: { value: Compare; onChange(value: Compare): void }) {
  const { t } = usePhrases()
  return <Choice label={t("compareLabel")} value={value} options={compares.map((one) => ({ value: one, label: t(`compare.${one}`) }))} onChange={(next) => onChange(next as Compare)} />
}

type SomeProps = { label: string; values: readonly string[]; options: readonly Option[]; onChange(values: string[]): void; placeholder?: string; free?: boolean }

/** Any number of known words; `free` lets others be typed. */
export function Some({ label, values, options, onChange, placeholder, free }: SomeProps) {
  return (
    <Select
      aria-label={label}
      className="insome"
      mode={free ? "tags" : "multiple"}
      popupMatchSelectWidth={false}
      optionFilterProp="label"
      value={[...values]}
      options={[...options]}
      placeholder={placeholder}
      onChange={onChange}
    />
  )
}

/** Products, categories and departments in one field, found by name. */
export function GoodsField({ value, onChange, label, departments = true }: { value: Goods; onChange(value: Goods): void; label?: string; departments?: boolean }) {
  const { t } = usePhrases()
  const { options, find, chosen } = useGoods(value, departments)
  return (
    <Select
      aria-label={label ?? t("goodsLabel")}
      className="insome goods"
      mode="multiple"
      popupMatchSelectWidth={360}
      filterOption={false}
      onSearch={find}
      onBlur={() => find("")}
      value={chosen}
      options={options}
      labelInValue
      placeholder={t("goodsAny")}
      notFoundContent={t("goodsShort")}
      onChange={(next) => onChange(goodsOf(next.map((one) => one.value)))}
    />
  )
}

/** Bought something, or did something, with what. */
export function FactField({ value, onChange, events }: { value: Fact; onChange(value: Fact): void; events: readonly Option[] }) {
  const { t } = usePhrases()
  const { products, categories, departments } = value
  const goods: Goods = { products, categories, departments }
  const first = events[0]?.value ?? ""
  const kind = (next: string) => onChange(next === "order" ? { fact: "order", ...goods } : { fact: "event", name: first, ...goods })
  const names = value.fact === "event" && !events.some((one) => one.value === value.name) ? [{ value: value.name, label: value.name || t("eventNone") }, ...events] : events
  return (
    <>
      <Choice label={t("factLabel")} value={value.fact} options={[{ value: "order", label: t("factOrder") }, { value: "event", label: t("factEvent") }]} onChange={kind} />
      {value.fact === "event" && <Choice label={t("eventLabel")} value={value.name} options={[...names]} onChange={(name) => onChange({ ...value, name })} />}
      <GoodsField value={goods} onChange={(next) => onChange(value.fact === "order" ? { fact: "order", ...next } : { fact: "event", name: value.name, ...next })} />
    </>
  )
}

type WindowKind = "last" | "between" | "any"
const kindOf = (window: Window | undefined): WindowKind => (!window ? "any" : "last_days" in window ? "last" : "between")

/** In which time: the last days, between two days, or ever. */
export function WindowField({ value, onChange, today }: { value: Window | undefined; onChange(value: Window | undefined): void; today: string }) {
  const { t } = usePhrases()
  const kind = kindOf(value)
  const turn = (next: string) => onChange(next === "last" ? { last_days: 90 } : next === "between" ? { from: today, to: today } : undefined)
  const choice = (
    <Choice label={t("windowLabel")} value={kind} options={(["last", "between", "any"] as const).map((one) => ({ value: one, label: t(`windowKind.${one}`) }))} onChange={turn} />
  )
  const days = value && "last_days" in value && <NumberField label={t("daysLabel")} value={value.last_days} min={1} max={3650} onChange={(last_days) => onChange({ last_days })} />
  const day = (side: "from" | "to") => {
    if (!value || "last_days" in value) return null
    return (
      <input
        type="date"
        className="choice plain"
        aria-label={t(`${side}Label`)}
        value={value[side] ?? ""}
        onChange={(event) => onChange({ ...value, [side]: event.target.value || undefined })}
      />
    )
  }
  return <Sentence of={t(`windowIn.${kind}`, raw)} parts={{ kind: choice, days, from: day("from"), to: day("to") }} />
}

const units = ["days", "hours", "minutes"] as const

/** How soon after the step before: within so long, or some time. */
export function SpanField({ value, onChange, any }: { value: Span | undefined; onChange(value: Span | undefined): void; any?: string }) {
  const { t } = usePhrases()
  const [unit, number] = (Object.entries(value ?? {})[0] ?? ["days", 7]) as [(typeof units)[number], number]
  const make = (in_: string, n: number) => onChange({ [in_]: n } as Span)
  const choice = (
    <Choice
      label={t("withinLabel")}
      value={value ? "in" : "any"}
      options={[
        { value: "in", label: t("withinIn") },
        { value: "any", label: any ?? t("withinAny") },
      ]}
      onChange={(next) => onChange(next === "any" ? undefined : { days: 7 })}
    />
  )
  if (!value) return choice
  return (
    <>
      {choice}
      <NumberField label={t("amountLabel")} value={number} min={1} max={100_000} onChange={(n) => make(unit, n)} />
      <Choice label={t("unitLabel")} value={unit} options={units.map((one) => ({ value: one, label: t(`unit.${one}`) }))} onChange={(next) => make(next, number)} />
    </>
  )
}
