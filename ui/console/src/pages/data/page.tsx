import { useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useTranslation } from "react-i18next"
import { Link, useNavigate } from "react-router"
import { useJobs, useJobWords } from "../../app/jobs"
import type { DataState, Dataset, Import, Job } from "../../lib/shapes"
import { atLeast, client, take } from "../../lib/api"
import { useFormats } from "../../lib/i18n"
import { ask, files as sheets } from "../../lib/queries"
import { useUrl } from "../../lib/url"
import { Blank, Bones } from "../../parts/blank"
import { Term, type Explained } from "../../parts/explain"
import { ProvenanceCard } from "../../parts/provenance"
import { Table, type Column } from "../../parts/table"
import { TableTools } from "../../parts/tabletools"
import { Trouble } from "../../parts/trouble"
import { ImportDrawer } from "./upload"

export default function DataPage() {
  const { t } = useTranslation("data")
  const go = useNavigate()
  const [url, setUrl] = useUrl({ open: "" })
  const shop = useQuery(ask.shop()).data
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const data = useQuery(ask.data())
  const imports = useQuery(ask.imports())
  const may = atLeast(me?.role, "operator")
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{t("title")}</h1>
          <p className="lead">{shop?.timezone ? t("lead", { shop: shop.name, timezone: shop.timezone, currency: shop.currency }) : t("leadEmpty")}</p>
        </div>
        {may && (
          <div className="row">
            <Button type="primary" onClick={() => void go("/data/exports")}>
              {t("import")}
            </Button>
            <Button onClick={() => setUrl({ open: "upload" })}>{t("canonical")}</Button>
          </div>
        )}
      </div>
      {data.error ? <Trouble error={data.error} onRetry={() => void data.refetch()} /> : <Totals state={data.data} asOf={shop?.as_of} />}
      <div className="two">
        <div className="stack">
          <Imports rows={imports.data} error={imports.error} onImport={() => void go("/data/exports")} />
          <Datasets rows={data.data?.datasets} />
          <Jobs />
        </div>
        <div className="stack">
          {shop?.provenance && <ProvenanceCard shop={shop} />}
          <Health />
          <Compute may={may} />
        </div>
      </div>
      <ImportDrawer open={url.open === "upload"} onClose={() => setUrl({ open: "" })} />
    </div>
  )
}

const counts = ["orders", "lines", "customers", "products"] as const
const amounts = [
  ["placed_minor", "placed"],
  ["paid_minor", "paid"],
  ["net_minor", "net"],
] as const

function Totals({ state, asOf }: { state: DataState | undefined; asOf: string | null | undefined }) {
  const { t } = useTranslation(["data", "common"])
  const f = useFormats()
  const totals = state?.totals
  if (!totals) return <section className="sheet pad totals" aria-hidden />
  const amount = (key: Explained, minor: number) => (
    <div key={key}>
      <dt>
        <Term of={key} asOf={asOf} n={totals.lines}>
          {t(`total.${key as (typeof amounts)[number][1]}`)}
        </Term>
      </dt>
      <dd className="big num">{f.money(minor, { compact: true })}</dd>
    </div>
  )
  return (
    <section className="sheet pad totals">
      <dl className="sums">
        {counts.map((key) => (
          <div key={key}>
            <dt>{t(`total.${key}`)}</dt>
            <dd className="big num" title={f.whole(totals[key])}>
              {f.compact(totals[key])}
            </dd>
          </div>
        ))}
        {amounts.map(([field, key]) => amount(key, totals[field]))}
        <div>
          <dt>
            <Term of="identified">{t("total.identified")}</Term>
          </dt>
          <dd className="big num">{totals.share_identified === null ? t("common:unknown") : f.percent(totals.share_identified, 1)}</dd>
        </div>
      </dl>
    </section>
  )
}

const files = ["orders", "products", "customers", "promotions", "touches", "redemptions", "reviews", "spend"] as const

function useFileName() {
  const { t } = useTranslation("data")
  return (name: string) => {
    const known = files.find((one) => one === name)
    return known ? t(`file.${known}`) : name
  }
}

function Imports({ rows, error, onImport }: { rows: Import[] | undefined; error: unknown; onImport(): void }) {
  const { t } = useTranslation(["data", "common"])
  if (error) return <Trouble error={error} />
  return (
    <section className="sheet" aria-labelledby="imports">
      <div className="thead">
        <h2 id="imports">{t("imports")}</h2>
      </div>
      {!rows ? (
        <Bones rows={3} height={44} />
      ) : rows.length ? (
        <ul className="importlist">
          {rows.map((row) => (
            <OneImport key={row.id} row={row} />
          ))}
        </ul>
      ) : (
        <Blank
          title={t("importsNone")}
          actions={
            <Button type="primary" onClick={onImport}>
              {t("import")}
            </Button>
          }
        >
          {t("importsNoneWhy")}
        </Blank>
      )}
    </section>
  )
}

function OneImport({ row }: { row: Import }) {
  const { t } = useTranslation(["data", "common"])
  const f = useFormats()
  const fileName = useFileName()
  const rejected = Object.values(row.files).reduce((sum, file) => sum + file.rejected, 0)
  const seconds = row.finished_at ? Math.round((Date.parse(row.finished_at) - Date.parse(row.started_at)) / 1000) : null
  return (
    <li>
      <p className="row">
        <strong>{row.source}</strong>
        <span className={`state ${jobTone[row.state]}`}>{t(`common:job.${row.state}`)}</span>
        <span className="soft small num">{f.moment(row.started_at)}</span>
        {seconds !== null && <span className="soft small num">{t("common:job.seconds", { count: seconds })}</span>}
        <span className="soft small">{t("importedAs", { timezone: row.timezone, currency: row.currency })}</span>
      </p>
      {row.error && <p className="bad">{row.error}</p>}
      <div className="scroll">
        <table className="plaintable">
          <thead>
            <tr>
              <th scope="col">{t("fileHead")}</th>
              <th scope="col" className="r">{t("rows")}</th>
              <th scope="col" className="r">{t("accepted")}</th>
              <th scope="col" className="r">{t("rejected")}</th>
              <th scope="col" className="r nophone">{t("unchanged")}</th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(row.files).map(([name, file]) => (
              <tr key={name}>
                <th scope="row">{fileName(name)}</th>
                <td className="r num">{f.whole(file.rows)}</td>
                <td className="r num">{f.whole(file.accepted)}</td>
                <td className={`r num ${file.rejected ? "warn" : ""}`}>{f.whole(file.rejected)}</td>
                <td className="r num nophone">{f.whole(file.unchanged)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rejected > 0 && (
        <p className="small factlink row">
          <Link to={`/data/imports/${encodeURIComponent(row.id)}`}>{t("seeRejects", { count: rejected })}</Link>
          <a href={`/v1/imports/${encodeURIComponent(row.id)}/rejects.csv`} download>
            {t("rejectsCsv")}
          </a>
        </p>
      )}
    </li>
  )
}

const datasets = [
  "lines", "products", "customers", "promotions", "touches", "redemptions", "reviews", "spend", "feed",
  "people", "value", "affinity", "affinity_calibration", "demand", "demand_draws",
  "demand_learned", "demand_planned", "goes_with", "stages", "stage_changes", "personas", "persona_profiles", "memberships",
] as const
const place = (row: Dataset) => (datasets as readonly string[]).indexOf(row.name) + 1 || datasets.length + 1

function Datasets({ rows }: { rows: Dataset[] | undefined }) {
  const { t } = useTranslation(["data", "common"])
  const f = useFormats()
  const name = (key: string) => {
    const known = datasets.find((one) => one === key)
    return known ? t(`dataset.${known}`) : key
  }
  const waiting = useQuery(ask.shop()).data?.waiting_days
  // Orders of the feed all lie ahead and arrive day by day, promotions are planned ahead; other rows dated after the shop's day are not counted yet.
  const ahead = (row: Dataset) =>
    row.name === "feed" ? t("waits", { count: waiting ?? 0 }) : t(row.name === "promotions" ? "planned" : "ahead", { count: row.ahead })
  const columns: Column<Dataset>[] = [
    {
      key: "name",
      title: t("datasetHead"),
      wrap: true,
      show: (row) => (
        <>
          <span title={row.name}>{name(row.name)}</span>
          {row.ahead > 0 && <div className="soft small">{ahead(row)}</div>}
        </>
      ),
    },
    { key: "rows", title: t("rows"), right: true, show: (row) => f.whole(row.rows) },
    { key: "size", title: t("size"), right: true, wide: true, show: (row) => f.bytes(row.bytes) },
    {
      key: "span",
      title: t("span"),
      wide: true,
      show: (row) =>
        row.first_on && row.last_on ? (
          <span className="num">{t("common:range", { low: f.day(row.first_on), high: f.day(row.last_on) })}</span>
        ) : (
          <span className="soft">{t("common:dash")}</span>
        ),
    },
    { key: "updated", title: t("updated"), right: true, wrap: true, show: (row) => (row.updated_at ? f.moment(row.updated_at) : t("common:dash")) },
  ]
  return (
    <section className="sheet" aria-labelledby="datasets">
      <div className="thead">
        <h2 id="datasets">{t("datasets")}</h2>
        <p className="soft small">{t("datasetsLead")}</p>
        <TableTools name="data" file={sheets.data()} call={{ path: "/v1/data", query: {} }} />
      </div>
      <Table label={t("datasets")} columns={columns} rows={rows && [...rows].sort((a, b) => place(a) - place(b))} rowKey={(row) => row.name} empty={<p className="soft pad">{t("datasetsNone")}</p>} />
    </section>
  )
}

function Jobs() {
  const { t } = useTranslation(["data", "common"])
  const f = useFormats()
  const jobs = useJobs()
  const { kindName } = useJobWords()
  const rows = useQuery(ask.jobs())
  const columns: Column<Job>[] = [
    {
      key: "kind",
      title: t("job"),
      show: (row) => (
        <button type="button" className="linklike" onClick={() => jobs.watch(row.id)}>
          {kindName(row.kind)}
        </button>
      ),
    },
    { key: "state", title: t("state"), show: (row) => <span className={`state ${jobTone[row.state]}`}>{t(`common:job.${row.state}`)}</span> },
    { key: "percent", title: t("done"), right: true, wide: true, show: (row) => f.percent(row.percent / 100) },
    { key: "started", title: t("started"), right: true, show: (row) => (row.started_at ? f.moment(row.started_at) : t("common:dash")) },
  ]
  return (
    <section className="sheet" aria-labelledby="jobs">
      <div className="thead">
        <h2 id="jobs">{t("jobs")}</h2>
        <TableTools name="jobs" file={sheets.jobs()} call={{ path: "/v1/jobs", query: {} }} />
      </div>
      <Table label={t("jobs")} columns={columns} rows={rows.data} rowKey={(row) => String(row.id)} empty={<p className="soft pad">{t("jobsNone")}</p>} />
    </section>
  )
}

const jobTone = { waiting: "proposed", running: "waiting", succeeded: "executed", failed: "failed", cancelled: "cancelled" } as const

const parts = ["rows", "lake", "worker", "console"] as const

function Health() {
  const { t } = useTranslation("data")
  const health = useQuery(ask.health())
  if (!health.data) return null
  const { status, version, checks } = health.data
  return (
    <section className="sheet pad" aria-labelledby="health">
      <h2 id="health">{t("health")}</h2>
      <p className="lead">{t(status === "ok" ? "healthOk" : "healthBad")}</p>
      <dl className="facts">
        {parts.map((part) => (
          <div key={part} className="contents">
            <dt>{t(`check.${part}`)}</dt>
            <dd className={checks[part] === "ok" ? "" : "warn"}>{checks[part] === "ok" ? t("fine") : checks[part]}</dd>
          </div>
        ))}
        <dt>{t("version")}</dt>
        <dd className="num">{version}</dd>
      </dl>
    </section>
  )
}

function Compute({ may }: { may: boolean }) {
  const { t } = useTranslation("data")
  const jobs = useJobs()
  if (!may) return null
  return (
    <section className="sheet pad" aria-labelledby="compute">
      <h2 id="compute">{t("compute")}</h2>
      <p className="lead">{t("computeLead")}</p>
      <p className="factlink">
        <Button disabled={jobs.busy} onClick={() => jobs.start(() => take(client.POST("/v1/cycle")))}>
          {t("computeGo")}
        </Button>
      </p>
    </section>
  )
}
