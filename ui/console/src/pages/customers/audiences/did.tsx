import { Button } from "antd"
import { Choice } from "../../../parts/choice"
import { CompareField, FactField, MoneyField, NumberField, Some, WindowField } from "./fields"
import type { Did, Fact } from "./language"
import type { LeafProps } from "./leaf"
import { measureKey, measures, measuresOf, usePhrases, type MeasureKey } from "./say"
import { raw, Sentence } from "./sentence"

const clean = <T extends object>(value: T): T | undefined => (Object.values(value).some((one) => one !== undefined) ? value : undefined)

/** Bought or did something so often, in a time, at hours and places. */
export function DidFields({ node, onChange, today }: LeafProps<Did>) {
  const { t, f, known } = usePhrases()
  const key = measureKey(node)
  const measure = (next: string) => {
    const [measure, of] = measures[next as MeasureKey]
    const money = (of_: Did["of"]) => of_ === "spend"
    onChange({ ...node, measure, of, value: money(of) === money(node.of) ? node.value : money(of) ? 100 * f.unit : 1 })
  }
  const turn = (what: Fact) => {
    if (what.fact === node.what.fact) return onChange({ ...node, what })
    const [measure, of] = measures[what.fact === "order" ? "orders" : "events"]
    onChange({ ...node, what, measure, of, value: node.of === "spend" ? 1 : node.value })
  }
  const options = measuresOf[node.what.fact].map((one) => ({ value: one as string, label: t(`measure.${one}`) }))
  const others = key ? options : [{ value: "", label: t("measure.other", { measure: node.measure, of: node.of }) }, ...options]
  const field = { label: t("amountLabel"), value: node.value, onChange: (value: number) => onChange({ ...node, value }) }
  const parts = {
    compare: <CompareField value={node.compare} onChange={(compare) => onChange({ ...node, compare })} />,
    value: node.of === "spend" ? <MoneyField {...field} /> : <NumberField {...field} digits={node.of === "value" ? 2 : 0} />,
    measure: <Choice label={t("measureLabel")} value={key ?? ""} options={others} onChange={measure} />,
  }
  return (
    <>
      <FactField value={node.what} events={known.lists.events} onChange={turn} />
      <Sentence of={t("amount", raw)} parts={parts} />
      <WindowField value={node.window} today={today} onChange={(window) => onChange({ ...node, window })} />
      <Details node={node} onChange={onChange} />
    </>
  )
}

/** Hours, weekdays and places: shown once asked for, and dropped with one button. */
function Details({ node, onChange }: Pick<LeafProps<Did>, "node" | "onChange">) {
  const { t, known } = usePhrases()
  const { hours, weekdays } = node.when ?? {}
  const when = (next: Did["when"]) => onChange({ ...node, when: clean({ ...node.when, ...next }) })
  const hour = (side: 0 | 1) => (
    <NumberField
      label={t(side === 0 ? "fromLabel" : "toLabel")}
      value={hours?.[side] ?? 0}
      min={side === 0 ? 0 : 1}
      max={side === 0 ? 23 : 24}
      onChange={(value) => when({ hours: side === 0 ? [value, hours?.[1] ?? 24] : [hours?.[0] ?? 0, value] })}
    />
  )
  const places = (["stores", "channels", "rooms"] as const).filter((kind) => known.lists[kind].length > 0)
  const drop = (what: "when" | "weekdays" | "at", run: () => void) => (
    <Button size="small" type="text" className="drop" aria-label={t("dropDetail", { what: t(`add.${what}`) })} onClick={run}>
      {"\u00d7"}
    </Button>
  )
  const missing = [
    ...(hours ? [] : [{ key: "when" as const, run: () => when({ hours: [6, 10] }) }]),
    ...(weekdays ? [] : [{ key: "weekdays" as const, run: () => when({ weekdays: [1, 2, 3, 4, 5] }) }]),
    ...(node.at || !places.length ? [] : [{ key: "at" as const, run: () => onChange({ ...node, at: {} }) }]),
  ]
  return (
    <>
      {hours && (
        <span className="detail" role="group" aria-label={t("hoursLabel")}>
          <Sentence of={t("hours", raw)} parts={{ from: hour(0), to: hour(1) }} />
          {drop("when", () => when({ hours: undefined }))}
        </span>
      )}
      {weekdays && (
        <span className="detail" role="group" aria-label={t("weekdaysLabel")}>
          <Weekdays value={weekdays} onChange={(next) => when({ weekdays: next })} />
          {drop("weekdays", () => when({ weekdays: undefined }))}
        </span>
      )}
      {node.at && (
        <span className="detail" role="group" aria-label={t("placesLabel")}>
          {places.map((kind) => (
            <Some
              key={kind}
              label={t(`placeKind.${kind}`)}
              placeholder={t(`placeKind.${kind}`)}
              values={node.at?.[kind] ?? []}
              options={known.lists[kind]}
              onChange={(next) => onChange({ ...node, at: { ...node.at, [kind]: next.length ? next : undefined } })}
            />
          ))}
          {drop("at", () => onChange({ ...node, at: undefined }))}
        </span>
      )}
      {missing.length > 0 && (
        <span className="detail adds">
          <span className="soft small">{t("addDetail")}</span>
          {missing.map((one) => (
            <Button key={one.key} size="small" type="link" onClick={one.run}>
              {t(`add.${one.key}`)}
            </Button>
          ))}
        </span>
      )}
    </>
  )
}

function Weekdays({ value, onChange }: { value: number[]; onChange(value: number[]): void }) {
  const { f } = usePhrases()
  const turn = (day: number) => onChange(value.includes(day) ? value.filter((one) => one !== day) : [...value, day].sort((a, b) => a - b))
  return (
    <span className="segments days">
      {[1, 2, 3, 4, 5, 6, 7].map((day) => (
        <label key={day}>
          <input type="checkbox" checked={value.includes(day)} onChange={() => turn(day)} />
          <span>{f.weekday(day - 1)}</span>
        </label>
      ))}
    </span>
  )
}
