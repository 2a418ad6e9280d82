import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Button, Select } from "antd"
import { useMemo, useState } from "react"
import { useTranslation } from "react-i18next"
import { Link, useNavigate } from "react-router"
import type { Group } from "../../lib/shapes"
import { atLeast } from "../../lib/api"
import { addDays } from "../../lib/format"
import { useFormats } from "../../lib/i18n"
import { useReasons, useTeamName, useTitles } from "../../lib/names"
import { ask, files } from "../../lib/queries"
import { oneOf, useUrl } from "../../lib/url"
import { Blank } from "../../parts/blank"
import { useDecide, type Verb } from "../../parts/decide"
import { Figure } from "../../parts/explain"
import { ListTable } from "../../parts/listtable"
import { rowsOf, type Column } from "../../parts/table"
import { BasisTag, StateTag, useStateName } from "../../parts/tags"
import { IntervalBar } from "../../parts/viz"
import { groupLink, scaleOf } from "../today/groups"

const states = ["proposed", "approved", "rejected", "expired"] as const
const open = (group: Group) => group.state === "proposed" || group.state === "mixed"

function useColumns(rows: Group[]): Column<Group>[] {
  const { t } = useTranslation(["decisions", "common"])
  const f = useFormats()
  const reason = useReasons()
  const { groupTitle } = useTitles()
  const teams = useQuery({ ...ask.teams(), staleTime: Infinity }).data
  const teamName = useTeamName(teams)
  const scale = scaleOf(rows, f.unit)
  const gains = f.column(rows.map((row) => row.gain_minor))
  const costs = f.column(rows.map((row) => row.cost_minor))
  return [
    {
      key: "title",
      title: t("group"),
      wrap: true,
      show: (row) => (
        <>
          <Link to={groupLink(row)}>{groupTitle(row)}</Link>
          <div className="soft nophone">{reason(row.reason, row.title_params)}</div>
        </>
      ),
    },
    { key: "team", title: t("team"), wide: true, show: (row) => teamName(row.team) },
    {
      key: "day",
      title: t("window"),
      wide: true,
      sort: true,
      show: (row) => <span className="num">{t("common:range", { low: f.day(row.window_start, "short"), high: f.day(row.window_end, "short") })}</span>,
    },
    { key: "count", title: t("count"), right: true, wide: true, show: (row) => f.whole(row.count) },
    {
      key: "gain",
      title: t("gain"),
      explain: "gain",
      right: true,
      sort: true,
      show: (row) => (
        <>
          <Figure of="gain" n={row.count} to={groupLink(row)} className={row.basis === "assumed" ? "gain maybe" : "gain"}>
            {gains.range(row.gain_minor).gain}
          </Figure>{" "}
          <span className="range fixed nophone">{t("common:range", gains.range(row.gain_minor))}</span>
        </>
      ),
    },
    {
      key: "scale",
      title: t("scale", { low: f.money(scale.min, { digits: 0 }), high: f.money(scale.max, { digits: 0 }) }),
      wide: true,
      show: (row) => (
        <span className="inline-ivl">
          <IntervalBar range={row.gain_minor} scale={scale} hollow={row.basis === "assumed"} />
        </span>
      ),
    },
    { key: "basis", title: t("basis"), wide: true, show: (row) => <BasisTag basis={row.basis} /> },
    {
      key: "cost",
      title: t("cost"),
      explain: "cost",
      right: true,
      wide: true,
      show: (row) => (row.cost_minor ? costs.money(row.cost_minor) : <span className="soft">{t("common:none")}</span>),
    },
    { key: "state", title: t("state"), show: (row) => <StateTag state={row.state} /> },
  ]
}

export default function QueuePage() {
  const { t } = useTranslation(["decisions", "common"])
  const f = useFormats()
  const go = useNavigate()
  const [url, setUrl] = useUrl({ play: "", state: "proposed", team: "", day: "", sort: "gain" })
  const [picked, setPicked] = useState<Set<string>>(new Set())
  const filter = {
    play: url.play,
    state: oneOf(url.state, states),
    team: url.team,
    day: url.day,
    sort: oneOf(url.sort, ["gain", "day"]) ?? ("gain" as const),
  }
  const asked = ask.groups(filter)
  const list = useInfiniteQuery(asked)
  const rows = useMemo(() => rowsOf(list) ?? [], [list])
  const columns = useColumns(rows)
  const { groupTitle } = useTitles()
  const { decide } = useDecide()
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const may = atLeast(me?.role, "operator")
  const total = list.data?.pages[0]?.total
  const filtered = url.state !== "proposed" || !!(url.play || url.team || url.day)
  const one = (verb: Verb) => (group: Group) => {
    if (may && (verb === "undo" ? !open(group) : open(group))) decide(group, verb)
  }
  const bulk = (verb: Verb) => {
    for (const group of rows) if (picked.has(group.id)) one(verb)(group)
    setPicked(new Set())
  }
  const pick = (row: Group, on: boolean) => {
    const next = new Set(picked)
    if (on) next.add(row.id)
    else next.delete(row.id)
    setPicked(next)
  }
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{t("title")}</h1>
          <p className="lead num">{total === undefined ? "\u00a0" : t("lead", { count: total })}</p>
        </div>
      </div>
      <ListTable
        name="decisions"
        label={t("title")}
        asked={asked}
        file={files.groups(filter)}
        call={{ path: "/v1/decisions/groups", query: filter }}
        views
        filters={<Filters url={url} onSet={setUrl} filtered={filtered} />}
        columns={columns}
        rowKey={(row) => row.id}
        rowClass={(row) => row.state}
        sorting={{ by: url.sort, desc: true, onSort: (sort) => setUrl({ sort }) }}
        picking={
          may
            ? {
                picked,
                onPick: pick,
                onAll: (on) => setPicked(new Set(on ? rows.map((row) => row.id) : [])),
                name: (row) => groupTitle(row),
              }
            : undefined
        }
        onOpen={(row) => void go(groupLink(row))}
        keys={{ a: one("approve"), u: one("undo"), e: (row) => void go(groupLink(row)) }}
        empty={<Blank title={t(filtered ? "noneFiltered" : "none")}>{t("noneWhy")}</Blank>}
      />
      {picked.size > 0 && (
        <div className="bulk" role="toolbar" aria-label={t("common:table.selected", { count: picked.size })}>
          <strong className="num">{t("common:table.selected", { count: picked.size })}</strong>
          <span className="soft num">{t("sum", { gain: f.money(sumOf(rows, picked), { signed: true }) })}</span>
          <Button size="small" type="primary" onClick={() => bulk("approve")}>
            {t("common:act.approve")}
          </Button>
          <Button size="small" onClick={() => bulk("reject")}>
            {t("common:act.reject")}
          </Button>
          <Button size="small" type="text" onClick={() => setPicked(new Set())}>
            {t("common:act.cancel")}
          </Button>
        </div>
      )}
    </div>
  )
}

/** Only gains of one kind are added up; assumed ones stay out of the sum. */
const sumOf = (rows: Group[], picked: Set<string>) =>
  rows.filter((row) => picked.has(row.id) && row.basis !== "assumed").reduce((sum, row) => sum + row.gain_minor.mid, 0)

type FilterUrl = { play: string; state: string; team: string; day: string }
type FilterProps = { url: FilterUrl; onSet(patch: Partial<FilterUrl>): void; filtered: boolean }

function Filters({ url, onSet, filtered }: FilterProps) {
  const { t } = useTranslation(["decisions", "common"])
  const f = useFormats()
  const { playName } = useTitles()
  const stateName = useStateName()
  const plays = useQuery({ ...ask.plays(), staleTime: Infinity }).data
  const teams = useQuery({ ...ask.teams(), staleTime: Infinity }).data
  const teamName = useTeamName(teams)
  const asOf = useQuery(ask.shop()).data?.as_of
  const recent = asOf ? Array.from({ length: 35 }, (_, back) => addDays(asOf, -back)) : []
  const days = url.day && !recent.includes(url.day) ? [url.day, ...recent] : recent
  const all = (label: string) => ({ value: "", label })
  return (
    <>
      <Select
        aria-label={t("state")}
        className="w-state"
        value={url.state}
        onChange={(state) => onSet({ state })}
        options={[{ value: "all", label: t("allStates") }, ...states.map((state) => ({ value: state, label: stateName(state) }))]}
      />
      <Select
        aria-label={t("play")}
        className="w-state"
        value={url.play}
        onChange={(play) => onSet({ play })}
        options={[all(t("allPlays")), ...(plays ?? []).map((row) => ({ value: row.play, label: playName(row.play) }))]}
      />
      <Select
        aria-label={t("team")}
        className="w-state"
        value={url.team}
        onChange={(team) => onSet({ team })}
        options={[all(t("allTeams")), ...(teams ?? []).map((row) => ({ value: row.key, label: teamName(row.key) }))]}
      />
      <Select
        aria-label={t("day")}
        className="w-dept"
        value={url.day}
        onChange={(day) => onSet({ day })}
        options={[all(t("allDays")), ...days.map((day) => ({ value: day, label: t("proposedOn", { day: f.day(day) }) }))]}
      />
      {filtered && (
        <Button type="link" onClick={() => onSet({ play: "", state: "proposed", team: "", day: "" })}>
          {t("common:table.clear")}
        </Button>
      )}
    </>
  )
}
