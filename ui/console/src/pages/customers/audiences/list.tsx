import { useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useCallback } from "react"
import { useTranslation } from "react-i18next"
import { Link, useNavigate } from "react-router"
import { atLeast } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { useUrl } from "../../../lib/url"
import { Blank } from "../../../parts/blank"
import { Figure } from "../../../parts/explain"
import { Menu } from "../../../parts/menu"
import { Search } from "../../../parts/search"
import { Table, type Column } from "../../../parts/table"
import { Trouble } from "../../../parts/trouble"
import { Spark } from "../../../parts/viz"
import "../../../styles/audiences.css"
import { asks, definitionOf, type Row, type Template } from "./asks"
import { forget } from "./draft"
import { productsIn, useSay } from "./say"
import { AudienceState } from "./state"

const SHOWN_DAYS = 30
const to = (row: Row) => `/customers/audiences/${row.id}`

/** Every audience: who is in it in words, how many, and how that went. */
export default function AudiencesPage() {
  const { t } = useTranslation(["audiences", "common"])
  const go = useNavigate()
  const [url, setUrl] = useUrl({ q: "" })
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const found = useQuery({ ...asks.list(), refetchInterval: (query) => (query.state.data?.rows.some((row) => row.state === "evaluating") ? 2_000 : false) })
  const find = useCallback((q: string) => setUrl({ q }, true), [setUrl])
  const all = found.data?.rows
  const rows = all?.filter((row) => row.name.toLowerCase().includes(url.q.trim().toLowerCase()))
  const may = atLeast(me?.role, "operator")
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{t("title")}</h1>
          <p className="lead num">{all ? (all.length ? t("lead", { count: all.length }) : "\u00a0") : "\u00a0"}</p>
        </div>
        {may && !!all?.length && (
          <div className="row">
            <TemplateMenu />
            <Button type="primary" onClick={() => void go("/customers/audiences/new")}>
              {t("make")}
            </Button>
          </div>
        )}
      </div>
      {found.error ? (
        <Trouble error={found.error} onRetry={() => void found.refetch()} />
      ) : all?.length === 0 ? (
        <First may={may} />
      ) : (
        <>
          <div className="tbar">
            <Search label={t("searchLabel")} placeholder={t("search")} value={url.q} onChange={find} />
          </div>
          <section className="sheet">
            <Saved rows={rows} onClear={() => find("")} />
          </section>
        </>
      )}
    </div>
  )
}

function Saved({ rows, onClear }: { rows: Row[] | undefined; onClear(): void }) {
  const { t } = useTranslation(["audiences", "common"])
  const go = useNavigate()
  const none = <Blank title={t("none")} actions={<Button onClick={onClear}>{t("common:table.clear")}</Button>} />
  return <Table label={t("title")} columns={useColumns(rows)} rows={rows} rowKey={(row) => row.id} onOpen={(row) => void go(to(row))} empty={none} />
}

function useColumns(rows: Row[] | undefined): Column<Row>[] {
  const { t } = useTranslation("audiences")
  const f = useFormats()
  const { say } = useSay(productsIn(...(rows ?? []).map(definitionOf)))
  return [
    { key: "name", title: t("column.name"), wrap: true, show: (row) => <Link to={to(row)}>{row.name}</Link> },
    { key: "says", title: t("column.says"), wrap: true, wide: true, show: (row) => <span className="soft clamp" title={say(definitionOf(row).where)}>{say(definitionOf(row).where)}</span> },
    { key: "count", title: t("column.count"), explain: "audienceMembers", right: true, show: (row) => <Figure of="audienceMembers" to={to(row)} className="plain">{f.whole(row.count)}</Figure> },
    { key: "history", title: t("column.history"), wide: true, show: (row) => <Trend row={row} /> },
    { key: "changes", title: t("column.changes"), explain: "audienceChanges", right: true, show: (row) => <Changes row={row} /> },
    { key: "state", title: t("column.state"), explain: "audienceState", show: (row) => <AudienceState row={row} /> },
    { key: "by", title: t("column.by"), wide: true, show: (row) => row.created_by },
    { key: "updated", title: t("column.updated"), right: true, wide: true, show: (row) => f.moment(row.updated_at) },
  ]
}

export function Changes({ row }: { row: Row }) {
  const { t } = useTranslation("audiences")
  return (
    <span className="num">
      <span className={row.entered_7d ? "" : "soft"}>{t("entered", { count: row.entered_7d })}</span>{" "}
      <span className={row.left_7d ? "warn" : "soft"}>{t("left", { count: row.left_7d })}</span>
    </span>
  )
}

function Trend({ row }: { row: Row }) {
  const days = useQuery(asks.history(row)).data?.days ?? []
  return <Spark values={days.slice(-SHOWN_DAYS).map((day) => day.count)} width={96} height={20} />
}

function useBeginWith() {
  const go = useNavigate()
  return (template: string) => {
    forget("new")
    void go(template ? `/customers/audiences/new?template=${encodeURIComponent(template)}` : "/customers/audiences/new")
  }
}

function useTemplateName() {
  const zh = useTranslation("audiences").i18n.language === "zh"
  return { name: (one: Template) => (zh ? one.name_zh : one.name_en), about: (one: Template) => (zh ? one.about_zh : one.about_en) }
}

function TemplateMenu() {
  const { t } = useTranslation("audiences")
  const rows = useQuery(asks.templates()).data?.rows ?? []
  const begin = useBeginWith()
  const { name } = useTemplateName()
  if (!rows.length) return null
  return <Menu label={t("template")} type="default" size="middle" items={rows.map((one) => ({ key: one.key, label: name(one), run: () => begin(one.key) }))} />
}

/** Nothing yet: what an audience is for, and ones to begin with that already fit this shop. */
function First({ may }: { may: boolean }) {
  const { t } = useTranslation("audiences")
  const templates = useQuery(asks.templates()).data?.rows
  const begin = useBeginWith()
  const { name, about } = useTemplateName()
  const { say } = useSay(productsIn(...(templates ?? []).map(definitionOf)))
  const scratch = (
    <Button type="primary" onClick={() => begin("")}>
      {t("fromScratch")}
    </Button>
  )
  return (
    <>
      <section className="sheet">
        <Blank title={t("empty")} actions={may ? scratch : t("noWriteHere")}>
          {t("emptyWhy")}
        </Blank>
      </section>
      {!!templates?.length && (
        <section className="templates" aria-label={t("templates")}>
          <h2>{t("templates")}</h2>
          <ul>
            {templates.map((one) => (
              <li key={one.key} className="sheet pad">
                <h3>{name(one)}</h3>
                <p className="small">{about(one)}</p>
                <p className="soft small">{say(definitionOf(one).where)}</p>
                {may && (
                  <Button size="small" onClick={() => begin(one.key)} aria-label={`${t("fromTemplate")}: ${name(one)}`}>
                    {t("fromTemplate")}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
