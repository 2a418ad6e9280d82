import { Button, Checkbox, InputNumber } from "antd"
import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import { tiers, ways } from "../../../lib/shapes"
import { limitOf, plain, tiersOf, waysOf, type Rules, type Url } from "./asked"

type Props = { url: Url; rules: Rules; onUrl(patch: Partial<Url>, replace?: boolean): void }
type Key = "budget" | "messages" | "calls" | (typeof tiers)[number]

/** What the plan may take, and of whom; every change is in the address at once. */
export function LimitsCard({ url, rules, onUrl }: Props) {
  const { t } = useTranslation(["allocation", "lifecycle", "common"])
  const f = useFormats()
  const rule = { budget: rules.budget, calls: rules.calls, messages: null, high: null, mid: rules.mid, low: null }
  const set = (key: Key, value: number | null) => {
    const same = value === rule[key]
    onUrl({ [key]: same ? "" : value === null ? "none" : String(value) }, true)
  }
  const money = { max: 1e10, step: 10, precision: Math.round(Math.log10(f.unit)), suffix: f.currency }
  const count = { max: 1e9, step: 10, precision: 0 }
  const field = (key: Key, label: string, more: { max: number; step: number; precision: number; suffix?: string; disabled?: boolean }) => (
    <label key={key}>
      <span>{label}</span>
      <InputNumber aria-label={label} min={0} placeholder={t("noLimit")} {...more} value={limitOf(url[key], rule[key])} onChange={(value) => set(key, value)} />
    </label>
  )
  const noBudget = limitOf(url.budget, rules.budget) === null
  const changed = Object.entries(plain).some(([key, value]) => url[key as keyof Url] !== value)
  return (
    <section className="sheet pad" aria-labelledby="limits">
      <div className="shead">
        <div>
          <h2 id="limits">{t("limits")}</h2>
          <p className="soft small">{t("limitsLead")}</p>
        </div>
        {changed && <Button onClick={() => onUrl(plain)}>{t("reset")}</Button>}
      </div>
      <div className="fields">
        {field("budget", t("budget"), money)}
        {field("messages", t("messages"), count)}
        {field("calls", t("calls"), count)}
        {tiersOf(url).map((tier) =>
          field(tier, t("share", { tier: t(`lifecycle:tiers.${tier}`) }), { max: 100, step: 5, precision: 0, suffix: "%", disabled: noBudget }),
        )}
      </div>
      {noBudget && <p className="soft small">{t("shareNeedsBudget")}</p>}
      <div className="choices">
        <div role="group" aria-label={t("ways")}>
          <span className="soft small">{t("ways")}</span>
          <Checkbox.Group value={waysOf(url)} onChange={(next) => onUrl({ ways: next.join(",") })} options={ways.map((way) => ({ value: way, label: t(`way.${way}`) }))} />
        </div>
        <div role="group" aria-label={t("tiers")}>
          <span className="soft small">{t("tiers")}</span>
          <Checkbox.Group
            value={tiersOf(url)}
            onChange={(next) => onUrl({ tiers: next.join(",") })}
            options={tiers.map((tier) => ({ value: tier, label: t(`lifecycle:tiers.${tier}`) }))}
          />
        </div>
      </div>
    </section>
  )
}
