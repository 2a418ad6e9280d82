import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Button, Segmented, Select } from "antd"
import { useCallback, useMemo } from "react"
import { useTranslation } from "react-i18next"
import { Link, useNavigate } from "react-router"
import { stages, tiers, type CustomerRow } from "../../lib/shapes"
import { daysBetween } from "../../lib/format"
import { useFormats } from "../../lib/i18n"
import { ask, files } from "../../lib/queries"
import { oneOf, useUrl } from "../../lib/url"
import { Blank } from "../../parts/blank"
import { Figure } from "../../parts/explain"
import { ListTable, sortingOf } from "../../parts/listtable"
import { Search } from "../../parts/search"
import { rowsOf, type Column } from "../../parts/table"
import { Meter, Spark } from "../../parts/viz"

const sorts = ["value", "orders", "p_alive", "last_on", "customer_id"] as const
const states = ["all", "active", "silent"] as const
const link = (row: CustomerRow) => `/customers/${encodeURIComponent(row.customer_id)}`

function usePersonaName() {
  const zh = useTranslation("customers").i18n.language === "zh"
  return useCallback((row: { name_zh: string; name_en: string }) => (zh ? row.name_zh : row.name_en), [zh])
}

function useColumns(rows: CustomerRow[] | undefined, asOf: string | null | undefined): Column<CustomerRow>[] {
  const { t } = useTranslation(["customers", "common", "lifecycle"])
  const f = useFormats()
  const name = usePersonaName()
  const values = useMemo(() => f.column((rows ?? []).map((row) => row.value_minor)), [f, rows])
  const spend = useMemo(() => f.column((rows ?? []).map((row) => row.spend_minor)), [f, rows])
  return useMemo(
    () => [
      {
        key: "customer_id",
        title: t("household"),
        sort: true,
        show: (row) => (
          <Link to={link(row)} className="num">
            {row.customer_id}
          </Link>
        ),
      },
      {
        key: "value",
        title: t("value"),
        explain: "value",
        right: true,
        sort: true,
        show: (row) =>
          row.value_minor ? (
            <>
              <Figure of="value" n={row.orders} asOf={asOf} to={link(row)} className="plain">
                {values.range(row.value_minor).mid}
              </Figure>{" "}
              <span className="range fixed nophone">{t("common:range", values.range(row.value_minor))}</span>
            </>
          ) : (
            t("common:dash")
          ),
      },
      {
        key: "p_alive",
        title: t("alive"),
        explain: "alive",
        right: true,
        sort: true,
        show: (row) =>
          row.p_alive === null ? (
            t("common:dash")
          ) : (
            <>
              <Meter value={row.p_alive} />
              <span className="pct">{f.percent(row.p_alive)}</span>
            </>
          ),
      },
      { key: "stage", title: t("stage"), wide: true, show: (row) => (row.stage ? t(`lifecycle:stages.${row.stage}`) : t("common:dash")) },
      { key: "tier", title: t("tier"), wide: true, extra: true, show: (row) => (row.tier ? t(`lifecycle:tiers.${row.tier}`) : t("common:dash")) },
      {
        key: "persona",
        title: t("persona"),
        explain: "persona",
        wide: true,
        wrap: true,
        extra: true,
        show: (row) => (row.persona ? name(row.persona) : t("common:dash")),
      },
      { key: "orders", title: t("orders"), explain: "orders", right: true, sort: true, show: (row) => f.whole(row.orders) },
      {
        key: "spend",
        title: t("spend"),
        explain: "spend",
        right: true,
        wide: true,
        show: (row) => spend.money(row.spend_minor),
      },
      {
        key: "rhythm",
        title: t("rhythm"),
        explain: "rhythm",
        right: true,
        wide: true,
        show: (row) => (row.rhythm_days === null ? t("common:dash") : Math.round(row.rhythm_days) <= 1 ? t("everyDay") : t("everyDays", { count: Math.round(row.rhythm_days) })),
      },
      {
        key: "last_on",
        title: t("last"),
        explain: "lastOn",
        right: true,
        sort: true,
        show: (row) => (
          <span title={f.day(row.last_on)}>{asOf ? t("daysAgo", { count: daysBetween(row.last_on, asOf) }) : f.day(row.last_on)}</span>
        ),
      },
      { key: "first_on", title: t("first"), right: true, wide: true, extra: true, show: (row) => f.day(row.first_on) },
      { key: "months", title: t("months"), explain: "months", wide: true, show: (row) => <Spark values={row.months} bars width={96} height={20} /> },
    ],
    [t, f, asOf, values, spend, name],
  )
}

export default function CustomersPage() {
  const { t } = useTranslation(["customers", "common", "lifecycle"])
  const f = useFormats()
  const go = useNavigate()
  const [url, setUrl] = useUrl({ q: "", state: "all", stage: "", tier: "", persona: "", sort: "value", dir: "desc" })
  const asOf = useQuery(ask.shop()).data?.as_of
  const query = {
    q: url.q,
    state: oneOf(url.state, states) ?? "all",
    stage: oneOf(url.stage, stages),
    tier: oneOf(url.tier, tiers),
    persona: url.persona,
    sort: oneOf(url.sort, sorts) ?? "value",
    desc: url.dir === "desc",
  }
  const asked = ask.customers(query)
  const list = useInfiniteQuery(asked)
  const rows = useMemo(() => rowsOf(list), [list.data])
  const total = list.data?.pages[0]?.total
  const filtered = url.state !== "all" || !!(url.q || url.stage || url.tier || url.persona)
  const clear = () => setUrl({ q: "", state: "all", stage: "", tier: "", persona: "" })
  const find = useCallback((q: string) => setUrl({ q }, true), [setUrl])
  const filters = (
    <>
      <Search label={t("searchLabel")} placeholder={t("search")} value={url.q} onChange={find} />
      <Segmented
        aria-label={t("state")}
        value={url.state}
        onChange={(state) => setUrl({ state })}
        options={states.map((state) => ({ value: state, label: t(`states.${state}`) }))}
      />
      <Select
        aria-label={t("stage")}
        className="w-state"
        value={url.stage}
        onChange={(stage) => setUrl({ stage })}
        options={[{ value: "", label: t("allStages") }, ...stages.map((stage) => ({ value: stage, label: t(`lifecycle:stages.${stage}`) }))]}
      />
      <Select
        aria-label={t("tier")}
        className="w-state"
        value={url.tier}
        onChange={(tier) => setUrl({ tier })}
        options={[{ value: "", label: t("allTiers") }, ...tiers.map((tier) => ({ value: tier, label: t(`lifecycle:tiers.${tier}`) }))]}
      />
      <PersonaFilter value={url.persona} onChange={(persona) => setUrl({ persona })} />
      {filtered && (
        <Button type="link" onClick={clear}>
          {t("common:table.clear")}
        </Button>
      )}
    </>
  )
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{t("title")}</h1>
          <p className="lead num" aria-live="polite">
            {total === undefined ? "\u00a0" : t("total", { count: total, shown: f.compact(total) })}
          </p>
        </div>
      </div>
      <ListTable
        name="customers"
        label={t("title")}
        asked={asked}
        file={files.customers(query)}
        call={{ path: "/v1/customers", query }}
        views
        filters={filters}
        columns={useColumns(rows, asOf)}
        rowKey={(row) => row.customer_id}
        sorting={sortingOf(url, setUrl)}
        onOpen={(row) => void go(link(row))}
        asOf={asOf}
        empty={<Nobody filtered={filtered} onClear={clear} />}
      />
    </div>
  )
}

/** Scenes by name; one that is gone since the link was made is told as such, so that it can be cleared. */
function PersonaFilter({ value, onChange }: { value: string; onChange(persona: string): void }) {
  const { t } = useTranslation("customers")
  const name = usePersonaName()
  const scenes = useQuery(ask.personas()).data?.personas
  if (!scenes || (scenes.length === 0 && !value)) return null
  const known = scenes.map((row) => ({ value: row.persona_id, label: name(row) }))
  const gone = value && !scenes.some((row) => row.persona_id === value) ? [{ value, label: t("personaGone") }] : []
  return (
    <Select
      aria-label={t("persona")}
      className="w-persona"
      popupMatchSelectWidth={false}
      value={value}
      onChange={onChange}
      options={[{ value: "", label: t("allPersonas") }, ...known, ...gone]}
    />
  )
}

function Nobody({ filtered, onClear }: { filtered: boolean; onClear(): void }) {
  const { t } = useTranslation(["customers", "common", "lifecycle"])
  const go = useNavigate()
  if (filtered) return <Blank title={t("none")} actions={<Button onClick={onClear}>{t("common:table.clear")}</Button>} />
  const action = (
    <Button type="primary" onClick={() => void go("/data/exports")}>
      {t("import")}
    </Button>
  )
  return (
    <Blank title={t("empty")} actions={action}>
      {t("emptyWhy")}
    </Blank>
  )
}
