import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { Link, useParams } from "react-router"
import type { DemandDetail } from "../../lib/shapes"
import { useFormats } from "../../lib/i18n"
import { useShopNames } from "../../lib/names"
import { ask, files } from "../../lib/queries"
import { useUrl } from "../../lib/url"
import { Bones } from "../../parts/blank"
import { Segments } from "../../parts/choice"
import { Term } from "../../parts/explain"
import { Table, type Column } from "../../parts/table"
import { TableTools } from "../../parts/tabletools"
import { Trouble } from "../../parts/trouble"
import { DecisionDrawer } from "../decisions/drawer"
import { Newsvendor } from "./newsvendor"

const loadChart = () => import("../../charts/fan")
type Chart = Awaited<ReturnType<typeof loadChart>>["default"]

function LateFan(props: Parameters<Chart>[0]) {
  const [Ready, setReady] = useState<Chart | null>(null)
  useEffect(() => {
    void loadChart().then((module) => setReady(() => module.default))
  }, [])
  return Ready ? <Ready {...props} /> : <div className="chart" />
}

export default function ProductPage() {
  const { t } = useTranslation("supply")
  const { id = "" } = useParams()
  const [url, setUrl] = useUrl({ store: "", view: "chart", decision: "" })
  const found = useQuery({ ...ask.product(id, url.store), placeholderData: keepPreviousData })
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/supply">{t("title")}</Link>
      </p>
      {found.error ? (
        <Trouble error={found.error} onRetry={() => void found.refetch()} />
      ) : found.data ? (
        <Body data={found.data} url={url} onUrl={setUrl} />
      ) : (
        <section className="sheet">
          <Bones rows={10} height={44} />
        </section>
      )}
      <DecisionDrawer id={url.decision} onClose={() => setUrl({ decision: "" })} />
    </div>
  )
}

type Url = { store: string; view: string; decision: string }
type BodyProps = { data: DemandDetail; url: Url; onUrl(patch: Partial<Url>): void }

function Body({ data, url, onUrl }: BodyProps) {
  const { t } = useTranslation("supply")
  const f = useFormats()
  const names = useShopNames()
  const { row } = data
  return (
    <>
      <div className="head">
        <div>
          <h1>{row.title}</h1>
          <p className="lead" title={row.category ?? ""}>
            {[names.text(row.department), names.text(row.category)].filter((one, at, all) => one && all.indexOf(one) === at).join(" \u00b7 ")}
            <span className="own num">{t("number", { id: row.product_id })}</span>
          </p>
        </div>
        <dl className="sums">
          <div>
            <dt>
              <Term of="lastWeek" asOf={data.as_of}>
                {t("lastWeek")}
              </Term>
            </dt>
            <dd className="big num">{f.whole(row.last_week)}</dd>
          </div>
          <div>
            <dt>
              <Term of="demand" asOf={data.as_of}>
                {t("nextWeek")}
              </Term>
            </dt>
            <dd>
              <span className="big num">{f.quantity(row.p50)}</span>{" "}
              <span className="range num">{t("range", { low: f.quantity(row.p10), high: f.quantity(row.p90) })}</span>
            </dd>
          </div>
        </dl>
      </div>
      <div className="two first">
        <div className="stack">
          <Weeks data={data} url={url} onUrl={onUrl} />
          <Stores data={data} store={url.store} onStore={(store) => onUrl({ store })} />
        </div>
        <div className="stack">
          <Newsvendor data={data} onOpen={(decision) => onUrl({ decision })} />
        </div>
      </div>
    </>
  )
}

const callOf = (product: string, store = "") => ({ path: `/v1/demand/${encodeURIComponent(product)}`, query: { store } })

function Weeks({ data, url, onUrl }: BodyProps) {
  const { t } = useTranslation(["supply", "common"])
  const views = [
    { value: "chart", label: t("common:calibration.chart") },
    { value: "table", label: t("common:calibration.table") },
  ]
  return (
    <section className="sheet pad" aria-labelledby="weeks">
      <div className="shead">
        <h2 id="weeks">{url.store ? t("weeksAt", { store: url.store }) : t("weeks")}</h2>
        <div className="row">
          {url.store && (
            <Button size="small" type="link" onClick={() => onUrl({ store: "" })}>
              {t("allStores")}
            </Button>
          )}
          <Segments label={t("common:calibration.view")} value={url.view} onChange={(view) => onUrl({ view })} options={views} />
          <TableTools name="weeks" file={files.weeks(data.row.product_id, url.store)} call={callOf(data.row.product_id, url.store)} />
        </div>
      </div>
      <p className="lead small">{t("weeksLead")}</p>
      {url.view === "chart" ? <LateFan data={data} /> : <WeekTable data={data} />}
      <p className="soft small">{t("method", { method: data.method })}</p>
    </section>
  )
}

function WeekTable({ data }: { data: DemandDetail }) {
  const { t } = useTranslation(["supply", "common"])
  const f = useFormats()
  const past = new Map((data.past_fans ?? []).map((fan) => [fan.week_start, fan]))
  const weeks = [...data.weeks].reverse()
  return (
    <div className="scroll tall">
      <table className="plaintable">
        <thead>
          <tr>
            <th scope="col">{t("week")}</th>
            <th scope="col" className="r">{t("sold")}</th>
            <th scope="col" className="r">{t("range80")}</th>
          </tr>
        </thead>
        <tbody>
          {data.fan.map((fan) => (
            <tr key={fan.week_start}>
              <th scope="row">{f.day(fan.week_start)}</th>
              <td className="r soft">{t("ahead")}</td>
              <td className="r num">{t("range", { low: f.quantity(fan.p10), high: f.quantity(fan.p90) })}</td>
            </tr>
          ))}
          {weeks.map((week) => {
            const fan = past.get(week.week_start)
            return (
              <tr key={week.week_start}>
                <th scope="row">{f.day(week.week_start)}</th>
                <td className="r num">{f.whole(week.units)}</td>
                <td className="r num soft">
                  {fan ? t("range", { low: f.quantity(fan.p10), high: f.quantity(fan.p90) }) : t("common:dash")}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

type StoreRow = DemandDetail["stores"][number]

function Stores({ data, store, onStore }: { data: DemandDetail; store: string; onStore(store: string): void }) {
  const { t } = useTranslation(["supply", "common"])
  const f = useFormats()
  const columns: Column<StoreRow>[] = [
    {
      key: "store",
      title: t("store"),
      show: (row) => (
        <button type="button" className="linklike num" aria-pressed={row.store_id === store} onClick={() => onStore(row.store_id)}>
          {t("storeNumber", { id: row.store_id })}
        </button>
      ),
    },
    { key: "last", title: t("lastWeek"), explain: "lastWeek", right: true, wide: true, show: (row) => f.whole(row.last_week) },
    { key: "p50", title: t("nextWeek"), explain: "demand", right: true, show: (row) => f.quantity(row.p50) },
    {
      key: "range",
      title: t("range80"),
      right: true,
      show: (row) => <span className="range">{t("common:range", { low: f.quantity(row.p10), high: f.quantity(row.p90) })}</span>,
    },
  ]
  return (
    <section className="sheet" aria-labelledby="stores">
      <div className="thead">
        <h2 id="stores">{t("stores")}</h2>
        <p className="soft small">{t("storesLead")}</p>
        <TableTools name="stores" file={files.stores(data.row.product_id)} call={callOf(data.row.product_id)} />
      </div>
      <Table
        label={t("stores")}
        columns={columns}
        rows={data.stores}
        rowKey={(row) => row.store_id}
        fold={12}
        onOpen={(row) => onStore(row.store_id)}
        empty={<p className="soft pad">{t("storesNone")}</p>}
      />
    </section>
  )
}
