import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query"
import { AutoComplete, Button, Input, InputNumber, Select, Switch } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { Blank } from "../../../parts/blank"
import { Trouble } from "../../../parts/trouble"
import { asks, channel, type Asked, type Both } from "./asks"
import { Amount } from "./money"
import { Told } from "./told"
import { useBoth } from "./words"

type Names = Record<string, Both>
type Row = { key: number; sku: string; quantity: number }

/** What would this basket cost, and why: the shop's own prices and promotions, nothing is held. */
export function Simulator() {
  const { t } = useTranslation("pricing")
  const both = useBoth()
  const [rows, setRows] = useState<Row[]>([{ key: 1, sku: "", quantity: 1 }])
  const [names, setNames] = useState<Names>({})
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
            <Goods value={row.sku} onChange={(sku) => change(row.key, { sku })} onNames={(more) => setNames({ ...names, ...more })} />
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
        {!reckon.error && (reckon.data ? <Told quote={reckon.data} names={names} /> : <section className="sheet"><Blank title={t("sim.empty")}>{t("sim.emptyMeans")}</Blank></section>)}
      </div>
    </div>
  )
}

/** A variant by the name of its product or its own number. */
function Goods({ value, onChange, onNames }: { value: string; onChange(sku: string): void; onNames(names: Names): void }) {
  const { t } = useTranslation("pricing")
  const both = useBoth()
  const found = useQuery(asks.products(value)).data?.rows
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
  const choose = (sku: string) => {
    const title = found?.find((row) => row.skus.includes(sku))?.title
    if (title) onNames({ [sku]: title })
    onChange(sku)
  }
  return <AutoComplete aria-label={t("sim.sku")} className="skufield" placeholder={t("sim.find")} value={value} options={options} onChange={choose} maxLength={200} />
}
