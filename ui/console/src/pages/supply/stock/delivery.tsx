import { useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import { Blank } from "../../../parts/blank"
import { Table, type Column } from "../../../parts/table"
import { Trouble } from "../../../parts/trouble"
import { asks, type Rate, type Zone } from "./asks"
import { RateForm, ZoneForm } from "./rateform"
import { useWords } from "./words"

/** What delivery costs where: the table that checkout quotes from until somebody promises better. */
export function DeliveryTab({ may }: { may: boolean }) {
  const { t } = useTranslation("stock")
  const rates = useQuery(asks.rates())
  const zones = useQuery(asks.zones())
  const [rate, setRate] = useState<Rate | "new" | null>(null)
  const [zone, setZone] = useState<Zone | "new" | null>(null)
  const columns = useRateColumns(zones.data ?? [])
  const edit: Column<Rate> = {
    key: "edit",
    title: "",
    right: true,
    show: (row) => (
      <Button size="small" type="text" onClick={() => setRate(row)} aria-label={`${t("rate.change")}: ${row.rate_id}`}>
        {t("rate.change")}
      </Button>
    ),
  }
  if (rates.error) return <Trouble error={rates.error} onRetry={() => void rates.refetch()} />
  const none = zones.data?.length === 0
  return (
    <>
      <div className="tbar">
        <p className="soft grow">{t("rate.means")}</p>
        {may && <Button onClick={() => setZone("new")}>{t("zone.new")}</Button>}
        {may && (
          <Button onClick={() => setRate("new")} disabled={none}>
            {t("rate.new")}
          </Button>
        )}
      </div>
      <section className="sheet">
        <Table label={t("tab.delivery")} columns={may ? [...columns, edit] : columns} rows={rates.data} rowKey={(row) => row.rate_id} rowClass={(row) => (row.active ? "" : "gone")} empty={<Blank title={t("rate.empty")}>{none ? t("zone.first") : t("rate.emptyWhy")}</Blank>} />
      </section>
      {!!zones.data?.length && <Zones rows={zones.data} onOpen={may ? setZone : undefined} />}
      {rate && <RateForm rate={rate === "new" ? null : rate} zones={zones.data ?? []} onClose={() => setRate(null)} />}
      {zone && <ZoneForm zone={zone === "new" ? null : zone} onClose={() => setZone(null)} />}
    </>
  )
}

function useRateColumns(zones: Zone[]): Column<Rate>[] {
  const { t } = useTranslation("stock")
  const f = useFormats()
  const text = useWords()
  const zoneName = (key: string) => {
    const zone = zones.find((one) => one.zone_id === key)
    return zone ? text(zone.name) : key
  }
  const money = (minor: number) => f.money(minor, { exact: minor % f.unit !== 0, digits: 0 })
  return [
    { key: "name", title: t("rate.name"), wrap: true, show: (row) => text(row.name) },
    { key: "zone", title: t("zone.label"), show: (row) => zoneName(row.zone_id) },
    { key: "kind", title: t("rate.kind"), wide: true, show: (row) => t(`way.${row.kind}`) },
    { key: "base", title: t("rate.base"), right: true, show: (row) => money(row.base_minor) },
    { key: "perkg", title: t("rate.perKg"), right: true, wide: true, show: (row) => money(row.per_kg_minor) },
    { key: "free", title: t("rate.freeFrom"), right: true, wide: true, show: (row) => (row.free_from_minor === null ? "\u2013" : money(row.free_from_minor ?? 0)) },
    { key: "days", title: t("rate.days"), right: true, show: (row) => (row.days_min === row.days_max ? f.whole(row.days_min) : `${row.days_min}\u2013${row.days_max}`) },
    { key: "cold", title: t("rate.cold"), wide: true, show: (row) => row.cold_chains.map((one) => t(`cold.${one}`)).join(t("and")) },
    { key: "co2e", title: t("rate.co2e"), right: true, wide: true, show: (row) => <Emitted row={row} /> },
  ]
}

/** Grams only where somebody has stated them; the source stands with the figure. */
function Emitted({ row }: { row: Rate }) {
  const { t } = useTranslation("stock")
  const f = useFormats()
  const text = useWords()
  if (row.co2e_g === null || row.co2e_g === undefined) return <span className="soft">{t("rate.unstated")}</span>
  return (
    <>
      {t("rate.grams", { grams: f.whole(row.co2e_g) })} <span className="soft small">{row.co2e_source ? text(row.co2e_source) : ""}</span>
    </>
  )
}

function Zones({ rows, onOpen }: { rows: Zone[]; onOpen?: (zone: Zone) => void }) {
  const { t } = useTranslation("stock")
  const text = useWords()
  return (
    <section className="sheet pad zones">
      <h2>{t("zone.title")}</h2>
      <ul className="zonelist">
        {rows.map((row) => (
          <li key={row.zone_id}>
            {onOpen ? (
              <button type="button" className="linklike" onClick={() => onOpen(row)}>
                {text(row.name)}
              </button>
            ) : (
              <b>{text(row.name)}</b>
            )}{" "}
            <span className="soft">
              {row.country}: {row.regions?.length ? row.regions.join(t("and")) : t("zone.all")}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
