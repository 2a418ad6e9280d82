import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query"
import { AutoComplete, Button, Input, InputNumber, Select, Switch } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { Blank } from "../../../parts/blank"
import { Trouble } from "../../../parts/trouble"
import { asks, channel, type Asked } from "./asks"
import { Amount } from "./money"
import { Told } from "./told"
import { useBoth } from "./words"

type Row = { key: number; sku: string; quantity: number }

/** What would this basket cost, and why: the shop's own prices and promotions, nothing is held. */
export function Simulator() {
  const { t } = useTranslation("pricing")
  const both = useBoth()
  const [rows, setRows] = useState<Row[]>([{ key: 1, sku: "", quantity: 1 }])
  const [codes, setCodes] = useState("")
  const [rest, setRest] = useState<Partial<Asked>>({ delivery_minor: 0, first_order: false, also: [] })
  const tiers = useQuery(asks.tiers()).data ?? []
  const drafts = useInfiniteQuery(asks.promotions("")).data?.pages.flatMap((page) => page.rows).filter((one) => one.state === "draft" || one.state === "paused") ?? []
  const reckon = useMutation({ mutationFn: (body: Asked) => take(client.POST("/v1/trade/pricing/simulate", { body })) })
  const lines = rows.filter((row) => row.sku).map(({ sku, quantity }) => ({ sku, quantity }))
  const change = (key: number, patch: Partial<Row>) => setRows(rows.map((row) => (row.key === key ? { ...row, ...patch } : row)))
  const go = () => reckon.mutate({ codes: codes.split(/[\s,，]+/).filter(Boolean), ...rest, channel_id: channel, lines } as Asked)
  return (
    <div className="simulator">
      <section className="sheet pad asked">
        <h2>{t("sim.basket")}</h2>
        {rows.map((row) => (
          <div key={row.key} className="row basketrow">
            <Goods value={row.sku} onChange={(sku) => change(row.key, { sku })} />
            <InputNumber aria-label={t("sim.quantity")} min={1} max={100_000} precision={0} value={row.quantity} onChange={(quantity) => change(row.key, { quantity: quantity ?? 1 })} />
            <Button type="text" size="small" aria-label={t("sim.drop", { sku: row.sku })} disabled={rows.length === 1} onClick={() => setRows(rows.filter((one) => one !== row))}>
              ×
            </Button>
          </div>
        ))}
        <Button size="small" onClick={() => setRows([...rows, { key: Date.now(), sku: "", quantity: 1 }])}>
          {t("sim.add")}
        </Button>
        <div className="simfields">
          <label>
            <span>{t("sim.codes")}</span>
            <Input value={codes} onChange={(event) => setCodes(event.target.value)} autoComplete="off" maxLength={400} />
          </label>
          <label>
            <span>{t("sim.delivery")}</span>
            <Amount value={rest.delivery_minor ?? 0} onChange={(delivery_minor) => setRest({ ...rest, delivery_minor: delivery_minor ?? 0 })} />
          </label>
          <label>
            <span>{t("sim.member")}</span>
            <Input value={rest.member_id ?? ""} placeholder={t("sim.guest")} onChange={(event) => setRest({ ...rest, member_id: event.target.value || null })} autoComplete="off" maxLength={60} />
          </label>
          <label>
            <span>{t("scope.tiers")}</span>
            <Select value={rest.tier ?? ""} onChange={(tier) => setRest({ ...rest, tier: tier || null })} options={[{ value: "", label: t("sim.noTier") }, ...tiers.map((tier) => ({ value: tier.key, label: tier.key }))]} />
          </label>
          {drafts.length > 0 && (
            <label className="whole">
              <span>{t("sim.also")}</span>
              <Select mode="multiple" value={rest.also} onChange={(also: string[]) => setRest({ ...rest, also })} placeholder={t("sim.alsoNone")} options={drafts.map((one) => ({ value: one.id, label: both(one.draft.name) }))} />
            </label>
          )}
          <label className="switch">
            <Switch size="small" checked={rest.first_order} onChange={(first_order) => setRest({ ...rest, first_order })} />
            <span>{t("sim.first")}</span>
          </label>
        </div>
        <Button type="primary" disabled={!lines.length} loading={reckon.isPending} onClick={go}>
          {t("sim.go")}
        </Button>
      </section>
      <div className="stack" aria-live="polite">
        {reckon.error && <Trouble error={reckon.error} onRetry={go} />}
        {!reckon.error && (reckon.data ? <Told quote={reckon.data} /> : <section className="sheet"><Blank title={t("sim.empty")}>{t("sim.emptyMeans")}</Blank></section>)}
      </div>
    </div>
  )
}

/** A variant by the beginning of its number, among those that have a price. */
function Goods({ value, onChange }: { value: string; onChange(sku: string): void }) {
  const { t } = useTranslation("pricing")
  const f = useFormats()
  const base = useQuery(asks.lists()).data?.rows.find((list) => list.base)?.id ?? ""
  const found = useQuery(asks.priced(base, value)).data?.rows ?? []
  const options = found
    .filter((row) => row.min_quantity === 1)
    .map((row) => ({
      value: row.sku,
      label: (
        <span className="skuopt">
          <span className="num">{row.sku}</span> <span className="soft num">{f.money(row.unit_minor, { exact: true })}</span>
        </span>
      ),
    }))
  return <AutoComplete aria-label={t("sim.sku")} className="skufield" placeholder={t("sim.sku")} value={value} options={options} onChange={onChange} maxLength={200} />
}
