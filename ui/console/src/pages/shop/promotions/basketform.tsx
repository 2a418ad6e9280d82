import { useQuery } from "@tanstack/react-query"
import { AutoComplete, Button, Input, InputNumber, Select, Switch } from "antd"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { asks } from "./asks"
import type { Tried } from "./basket"
import { PickMember } from "./members"
import { Amount } from "./money"
import { useBoth, useDrafts, useTierNames } from "./words"

type Props = { title: string; tried: Tried; onChange(next: Tried): void }

/** What is put into a basket, and whose it is. */
export function BasketForm({ title, tried, onChange }: Props) {
  const { t } = useTranslation("pricing")
  const { lines } = tried
  const line = (at: number, patch: Partial<Tried["lines"][number]>) => onChange({ ...tried, lines: lines.map((one, i) => (i === at ? { ...one, ...patch } : one)) })
  return (
    <section className="sheet pad asked" aria-label={title}>
      <h2>{title}</h2>
      {lines.map((one, at) => (
        <div key={at} className="row basketrow">
          <Goods value={one.sku} onChange={(sku) => line(at, { sku })} />
          <InputNumber aria-label={t("sim.quantity")} min={1} max={100_000} precision={0} value={one.quantity} onChange={(quantity) => line(at, { quantity: quantity ?? 1 })} />
          <Button type="text" size="small" aria-label={t("sim.drop", { sku: one.sku })} disabled={lines.length === 1} onClick={() => onChange({ ...tried, lines: lines.filter((_, i) => i !== at) })}>
            ×
          </Button>
        </div>
      ))}
      <Button size="small" onClick={() => onChange({ ...tried, lines: [...lines, { sku: "", quantity: 1 }] })} disabled={lines.length >= 50}>
        {t("sim.add")}
      </Button>
      <Circumstances tried={tried} onChange={onChange} />
    </section>
  )
}

function Circumstances({ tried, onChange }: Omit<Props, "title">) {
  const { t } = useTranslation("pricing")
  const both = useBoth()
  const tierName = useTierNames()
  const tiers = useQuery(asks.tiers()).data ?? []
  const drafts = useDrafts()
  const set = (patch: Partial<Tried>) => onChange({ ...tried, ...patch })
  return (
    <div className="simfields">
      <label>
        <span>{t("sim.codes")}</span>
        <Codes value={tried.codes} onChange={(codes) => set({ codes })} />
      </label>
      <label>
        <span>{t("sim.delivery")}</span>
        <Amount value={tried.delivery} onChange={(delivery) => set({ delivery: delivery ?? 0 })} />
      </label>
      <label>
        <span>{t("sim.member")}</span>
        <PickMember value={tried.member} placeholder={t("sim.guest")} onChange={(member, tier) => set({ member, ...(tier === undefined ? {} : { tier: tier ?? "" }) })} />
      </label>
      <label>
        <span>{t("scope.tiers")}</span>
        <Select value={tried.tier} onChange={(tier) => set({ tier })} options={[{ value: "", label: t("sim.noTier") }, ...tiers.map((one) => ({ value: one.key, label: tierName(one.key) }))]} />
      </label>
      {drafts.length > 0 && (
        <label className="whole">
          <span>{t("sim.also")}</span>
          <Select mode="multiple" value={tried.also} onChange={(also: string[]) => set({ also })} placeholder={t("sim.alsoNone")} options={drafts.map((one) => ({ value: one.id, label: both(one.draft.name) }))} />
        </label>
      )}
      <label className="switch">
        <Switch size="small" checked={tried.first} onChange={(first) => set({ first })} />
        <span>{t("sim.first")}</span>
      </label>
      <OtherPolicy tried={tried} onChange={onChange} />
    </div>
  )
}

/** The same basket under other limits than the shop's: what would it change to allow more, or less? */
function OtherPolicy({ tried, onChange }: Omit<Props, "title">) {
  const { t } = useTranslation("pricing")
  const now = useQuery(asks.policy()).data
  const { policy } = tried
  const set = (next: Tried["policy"]) => onChange({ ...tried, policy: next })
  return (
    <>
      <label className="switch">
        <Switch size="small" checked={!!policy} disabled={!now && !policy} onChange={(on) => set(on && now ? { most_bp: now.most_bp, coupons: now.coupons } : null)} />
        <span>{t("sim.policy")}</span>
      </label>
      {policy && (
        <>
          <label>
            <span>{t("sim.policyMost")}</span>
            <Amount share value={policy.most_bp} onChange={(most) => set({ ...policy, most_bp: Math.min(most ?? 0, 9_999) })} />
          </label>
          <label>
            <span>{t("sim.policyCodes")}</span>
            <InputNumber min={0} max={10} precision={0} value={policy.coupons} onChange={(coupons) => set({ ...policy, coupons: coupons ?? 0 })} />
          </label>
        </>
      )}
    </>
  )
}

/** Codes as they are typed; they count once somebody leaves the field or presses Enter. */
function Codes({ value, onChange }: { value: string[]; onChange(codes: string[]): void }) {
  const kept = value.join(" ")
  const [typed, setTyped] = useState(kept)
  useEffect(() => setTyped(kept), [kept])
  const keep = () => typed !== kept && onChange(typed.split(/[\s,，]+/).filter(Boolean).slice(0, 10))
  return <Input value={typed} onChange={(event) => setTyped(event.target.value)} onBlur={keep} onPressEnter={keep} autoComplete="off" maxLength={400} />
}

/** A variant by the name of its product or its own number; what is only half typed is not asked about. */
function Goods({ value, onChange }: { value: string; onChange(sku: string): void }) {
  const { t } = useTranslation("pricing")
  const both = useBoth()
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  const found = useQuery(asks.products(typed)).data?.rows
  const options = (found ?? []).flatMap((row) =>
    row.skus.map((sku) => ({
      value: sku,
      label: (
        <span className="skuopt">
          <span>{both(row.title)}</span> <span className="soft num">{sku}</span>
        </span>
      ),
    })),
  )
  const keep = (sku: string) => sku !== value && onChange(sku)
  return <AutoComplete aria-label={t("sim.sku")} className="skufield" placeholder={t("sim.find")} value={typed} options={options} onChange={setTyped} onSelect={keep} onBlur={() => keep(typed.trim())} maxLength={200} popupMatchSelectWidth={320} />
}
