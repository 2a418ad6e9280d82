import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Button, Select } from "antd"
import { useCallback } from "react"
import { useTranslation } from "react-i18next"
import { atLeast } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { oneOf, useUrl } from "../../../lib/url"
import { Blank } from "../../../parts/blank"
import { Search } from "../../../parts/search"
import { PagedTable, type Column } from "../../../parts/table"
import "../../../styles/pricing.css"
import { asks, states, type Promotion } from "./asks"
import { PromotionDrawer } from "./drawer"
import { Editor } from "./editor"
import { Policy } from "./policy"
import { Simulator } from "./simulator"
import { Standing, Used } from "./used"
import { useBenefit, useBoth, useScope } from "./words"

const tabs = ["promotions", "simulator", "rules"] as const

/** What the shop takes off, who bears it, and what a basket would cost and why. */
export default function PromotionsPage() {
  const { t } = useTranslation("pricing")
  const [url, setUrl] = useUrl({ tab: "promotions", q: "", state: "", one: "", edit: "", a: "", b: "" })
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const tab = oneOf(url.tab, tabs) ?? "promotions"
  const operator = atLeast(me?.role, "operator")
  const approver = atLeast(me?.role, "approver")
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{t("title")}</h1>
          <p className="lead">{t("lead")}</p>
        </div>
        {operator && (
          <Button type="primary" onClick={() => setUrl({ edit: "new" })}>
            {t("new")}
          </Button>
        )}
      </div>
      <div className="row" role="group" aria-label={t("tab.label")} style={{ flexWrap: "wrap", marginBottom: 12 }}>
        {tabs.map((key) => (
          <Button key={key} type={key === tab ? "primary" : "default"} ghost={key === tab} aria-pressed={key === tab} onClick={() => setUrl({ tab: key })}>
            {t(`tab.${key}`)}
          </Button>
        ))}
      </div>
      {tab === "promotions" && <List q={url.q} state={url.state} onFilter={setUrl} onOpen={(one) => setUrl({ one })} onNew={operator ? () => setUrl({ edit: "new" }) : undefined} />}
      {tab === "simulator" && <Simulator a={url.a} b={url.b} onUrl={setUrl} />}
      {tab === "rules" && <Policy may={approver} />}
      <PromotionDrawer id={url.one} operator={operator} approver={approver} onClose={() => setUrl({ one: "" })} onEdit={(edit) => setUrl({ edit })} />
      {url.edit && <Editor id={url.edit === "new" ? "" : url.edit} approver={approver} onClose={() => setUrl({ edit: "" })} onDone={(one) => setUrl({ edit: "", one, tab: "promotions" })} />}
    </div>
  )
}

type ListProps = { q: string; state: string; onFilter(patch: { q?: string; state?: string }, replace?: boolean): void; onOpen(id: string): void; onNew?: () => void }

function List({ q, state, onFilter, onOpen, onNew }: ListProps) {
  const { t } = useTranslation(["pricing", "common"])
  const f = useFormats()
  const say = useBenefit()
  const both = useBoth()
  const scope = useScope()
  const list = useInfiniteQuery(asks.promotions(q, oneOf(state, states)))
  const find = useCallback((typed: string) => onFilter({ q: typed }, true), [onFilter])
  const columns: Column<Promotion>[] = [
    {
      key: "name",
      title: t("col.name"),
      wrap: true,
      show: (row) => (
        <>
          <button type="button" className="linklike" onClick={() => onOpen(row.id)}>
            {both(row.draft.name)}
          </button>
          {row.draft.trigger === "coupon" && <span className="soft small tagged">{t("byCode")}</span>}
        </>
      ),
    },
    {
      key: "gives",
      title: t("col.gives"),
      wrap: true,
      show: (row) => (
        <>
          {say(row.draft.benefit)} <span className="soft small">{scope(row.draft)}</span>
        </>
      ),
    },
    { key: "state", title: t("col.state"), show: (row) => <Standing of={row.state} /> },
    { key: "priority", title: t("col.priority"), right: true, wide: true, show: (row) => f.whole(row.draft.priority ?? 100) },
    { key: "used", title: t("col.used"), right: true, wide: true, show: (row) => <Used of={row} /> },
    { key: "until", title: t("col.until"), right: true, wide: true, show: (row) => (row.draft.ends_at ? f.moment(row.draft.ends_at) : t("open")) },
  ]
  const filtered = !!(q || state)
  return (
    <>
      <div className="tbar">
        <Search label={t("find")} placeholder={t("find")} value={q} onChange={find} width={240} />
        <Select
          aria-label={t("col.state")}
          className="w-state"
          value={state}
          onChange={(value) => onFilter({ state: value })}
          options={[{ value: "", label: t("every") }, ...states.map((value) => ({ value, label: t(`state.${value}`) }))]}
        />
      </div>
      <PagedTable
        list={list}
        label={t("title")}
        columns={columns}
        rowKey={(row) => row.id}
        rowClass={(row) => (row.state === "ended" ? "gone" : "")}
        onOpen={(row) => onOpen(row.id)}
        empty={filtered ? <Blank title={t("noneFound")} actions={<Button onClick={() => onFilter({ q: "", state: "" })}>{t("common:table.clear")}</Button>} /> : <Blank title={t("none")} actions={onNew && <Button onClick={onNew}>{t("new")}</Button>}>{t("noneMeans")}</Blank>}
      />
    </>
  )
}
