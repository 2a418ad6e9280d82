import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Button, Select } from "antd"
import { useTranslation } from "react-i18next"
import { Link, useParams } from "react-router"
import type { DecisionRow, GroupDetail } from "../../lib/shapes"
import { atLeast } from "../../lib/api"
import { useFormats } from "../../lib/i18n"
import { useReasons, useShopNames, useTeamName, useTitles } from "../../lib/names"
import { ask, files } from "../../lib/queries"
import { oneOf, useUrl } from "../../lib/url"
import { Bones } from "../../parts/blank"
import { useDecide } from "../../parts/decide"
import { Figure, Term } from "../../parts/explain"
import { FactList } from "../../parts/facts"
import { ListTable } from "../../parts/listtable"
import { rowsOf, type Column } from "../../parts/table"
import { BasisTag, StateTag, useStateName } from "../../parts/tags"
import { Trouble } from "../../parts/trouble"
import { outcomeOf, useUnitWords } from "./words"
import { DecisionDrawer } from "./drawer"

export default function GroupPage() {
  const { id = "" } = useParams()
  const group = useQuery(ask.group(id))
  return (
    <div className="page">
      {group.error ? (
        <Trouble error={group.error} onRetry={() => void group.refetch()} />
      ) : group.data ? (
        <Body group={group.data} />
      ) : (
        <section className="sheet">
          <Bones rows={10} height={44} />
        </section>
      )}
    </div>
  )
}

function Body({ group }: { group: GroupDetail }) {
  const { t } = useTranslation(["decisions", "common"])
  const names = useShopNames()
  const reason = useReasons()
  const { groupTitle } = useTitles()
  const teams = useQuery({ ...ask.teams(), staleTime: Infinity }).data
  const teamName = useTeamName(teams)
  return (
    <>
      <div className="head">
        <div>
          <h1 title={names.name(group.group_key).original}>{groupTitle(group)}</h1>
          <p className="lead">
            {reason(group.reason, group.title_params)}
            <span className="own">{teamName(group.team)}</span>
          </p>
        </div>
        <GroupActs group={group} />
      </div>
      <Sums group={group} />
      <div className="three">
        <section className="sheet pad">
          <h2>{t("evidence")}</h2>
          <FactList facts={group.evidence} />
        </section>
        <section className="sheet pad">
          <h2>{t("assumptions")}</h2>
          <FactList facts={group.assumptions} linkTo="/settings?tab=assumptions" />
        </section>
        <section className="sheet pad">
          <h2>{t("rules")}</h2>
          <FactList facts={rulesOf(group.rules)} />
          <p className="small factlink">
            <Link to="/settings?tab=plays">{t("editRules")}</Link>
          </p>
        </section>
      </div>
      <Members group={group} />
    </>
  )
}

const shownRules = ["budget_minor", "approve_limit_minor", "approve_role", "enabled"]

const rulesOf = (rules: Record<string, unknown>) => Object.fromEntries(shownRules.filter((key) => key in rules).map((key) => [key, rules[key]]))

function GroupActs({ group }: { group: GroupDetail }) {
  const { t } = useTranslation(["decisions", "common"])
  const { decide, pending } = useDecide()
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const waiting = group.state_counts["proposed"] ?? 0
  const decided = (group.state_counts["approved"] ?? 0) + (group.state_counts["rejected"] ?? 0)
  const may = atLeast(me?.role, "operator")
  return (
    <div className="row groupacts">
      <StateTag state={group.state} />
      {may && waiting > 0 && (
        <>
          <Button type="primary" loading={pending} onClick={() => decide(group, "approve")}>
            {t("approveMany", { count: waiting })}
          </Button>
          <Button onClick={() => decide(group, "reject")}>{t("common:act.reject")}</Button>
        </>
      )}
      {may && decided > 0 && (
        <Button type="link" onClick={() => decide(group, "undo")}>
          {t("common:act.undo")}
        </Button>
      )}
    </div>
  )
}

function Sums({ group }: { group: GroupDetail }) {
  const { t } = useTranslation(["decisions", "common"])
  const f = useFormats()
  const stateName = useStateName()
  const unit = useUnitWords()
  const assumed = group.basis === "assumed"
  return (
    <section className="sheet pad">
      <dl className="sums">
        <div className={assumed ? "assumedsum" : ""}>
          <dt>
            <Term of={assumed ? "assumedGain" : "gain"} n={group.count}>
              {t("gain")}
            </Term>{" "}
            <BasisTag basis={group.basis} />
          </dt>
          <dd>
            <span className={`num big ${assumed ? "hollow" : "gain"}`}>{f.moneyRange(group.gain_minor).gain}</span>{" "}
            <span className="range num">{t("common:range", f.moneyRange(group.gain_minor))}</span>
          </dd>
        </div>
        <div>
          <dt>
            <Term of="forecast" n={group.count}>
              {t("forecast")}
            </Term>
          </dt>
          <dd>
            <span className="big num">{unit(group.forecast_unit, group.forecast.mid)}</span>{" "}
            <span className="range num">
              {t("common:range", { low: f.quantity(Math.round(group.forecast.low)), high: f.quantity(Math.round(group.forecast.high)) })}
            </span>
          </dd>
        </div>
        <div>
          <dt>
            <Term of="cost">{t("cost")}</Term>
          </dt>
          <dd className="num big">{group.cost_minor ? f.money(group.cost_minor) : t("common:none")}</dd>
        </div>
        <div>
          <dt>{t("window")}</dt>
          <dd className="num big quiet">{t("common:range", { low: f.day(group.window_start, "short"), high: f.day(group.window_end, "short") })}</dd>
        </div>
        <div>
          <dt>{t("states")}</dt>
          <dd className="statecounts">
            {Object.entries(group.state_counts)
              .filter(([, count]) => count > 0)
              .map(([state, count]) => (
                <span key={state} className={`state ${state}`}>
                  {stateName(state)} {f.whole(count)}
                </span>
              ))}
          </dd>
        </div>
      </dl>
      {(group.state_counts["approved"] ?? 0) > 0 && group.play !== "stock_up" && <p className="warn after0">{t("waitsLong")}</p>}
    </section>
  )
}

function useColumns(rows: DecisionRow[] | undefined, onOpen: (id: string) => void): Column<DecisionRow>[] {
  const { t } = useTranslation(["decisions", "common"])
  const f = useFormats()
  const unit = useUnitWords()
  const gains = f.column((rows ?? []).map((row) => row.gain_minor))
  return [
    {
      key: "title",
      title: t("decision"),
      wrap: true,
      show: (row) => (
        <button type="button" className="linklike" onClick={() => onOpen(row.id)}>
          {row.title}
        </button>
      ),
    },
    {
      key: "subject",
      title: t("subject"),
      wide: true,
      show: (row) => <SubjectLink row={row} />,
    },
    {
      key: "action",
      title: t("action"),
      right: true,
      show: (row) => <ActionText row={row} />,
    },
    {
      key: "gain",
      title: t("gain"),
      explain: "gain",
      right: true,
      show: (row) =>
        row.gain_minor ? (
          <>
            <Figure of="gain" className={row.basis === "assumed" ? "gain maybe" : "gain"}>
              {gains.range(row.gain_minor).gain}
            </Figure>{" "}
            <span className="range fixed nophone">{t("common:range", gains.range(row.gain_minor))}</span>
          </>
        ) : (
          t("common:unknown")
        ),
    },
    {
      key: "forecast",
      title: t("forecast"),
      explain: "forecast",
      right: true,
      wide: true,
      show: (row) => (outcomeOf(row.forecast_unit) ? f.percent(row.forecast.mid) : unit(row.forecast_unit, row.forecast.mid)),
    },
    {
      key: "outcome",
      title: t("outcome"),
      wide: true,
      right: true,
      show: (row) => <OutcomeText row={row} />,
    },
    { key: "state", title: t("state"), show: (row) => <StateTag state={row.state} /> },
  ]
}

function SubjectLink({ row }: { row: DecisionRow }) {
  const { t } = useTranslation("decisions")
  const customer = row.subject_params["customer_id"]
  const product = String(row.subject_params["product_id"] ?? row.subject)
  if (customer !== undefined && customer !== null) {
    return <Link to={`/customers/${encodeURIComponent(String(customer))}`}>{t("customer", { id: String(customer) })}</Link>
  }
  return <Link to={`/supply/${encodeURIComponent(product)}`}>{t("product", { id: product })}</Link>
}

export function ActionText({ row }: { row: Pick<DecisionRow, "action" | "default_action"> }) {
  const { t } = useTranslation("decisions")
  const f = useFormats()
  const units = row.action["units"]
  const usual = row.default_action["units"]
  if (typeof units === "number") {
    return (
      <>
        {t("unitsAction", { count: units })}
        {typeof usual === "number" && <span className="soft small nophone"> {t("insteadOf", { usual: f.whole(usual) })}</span>}
      </>
    )
  }
  if ("reminder" in row.action) return <>{t(row.action["reminder"] ? "remind" : "noRemind")}</>
  if ("suggestion" in row.action) return <>{t(row.action["suggestion"] ? "suggest" : "noSuggest")}</>
  if ("treatment" in row.action) {
    const way = ways.find((one) => one === row.action["treatment"])
    return <>{way ? t(`way.${way}`, { ns: "common" }) : t("leave")}</>
  }
  return <>{JSON.stringify(row.action)}</>
}

function OutcomeText({ row }: { row: DecisionRow }) {
  const { t } = useTranslation(["decisions", "common"])
  const f = useFormats()
  const end = row.settlement
  if (!end) return <span className="soft">{t("common:dash")}</span>
  const words = outcomeOf(row.forecast_unit)
  if (words) return <>{t(end.forecast_observed ? words.yes : words.no)}</>
  return (
    <span className={end.inside === false ? "bad" : ""}>
      {f.quantity(end.forecast_observed ?? 0)}
      {end.gain_observed_minor !== null && <span className="soft small"> {f.money(end.gain_observed_minor, { signed: true })}</span>}
    </span>
  )
}

const ways = ["message", "coupon", "call"] as const

const decisionStates = ["proposed", "approved", "rejected", "expired", "executing", "executed", "failed", "cancelled"] as const

function Members({ group }: { group: GroupDetail }) {
  const { t } = useTranslation(["decisions", "common"])
  const stateName = useStateName()
  const [url, setUrl] = useUrl({ decision: "", member: "" })
  const filter = { group: group.id, state: oneOf(url.member, decisionStates) }
  const asked = ask.decisions(filter)
  const columns = useColumns(rowsOf(useInfiniteQuery(asked)), (decision) => setUrl({ decision }))
  const states = Object.keys(group.state_counts)
  const filters = (
    <>
      <h2>{t("members")}</h2>
      {states.length > 1 && (
        <Select
          aria-label={t("state")}
          className="w-state"
          size="small"
          value={url.member}
          onChange={(member) => setUrl({ member })}
          options={[{ value: "", label: t("allStates") }, ...states.map((state) => ({ value: state, label: stateName(state) }))]}
        />
      )}
    </>
  )
  return (
    <>
      <ListTable
        name="members"
        label={t("members")}
        asked={asked}
        file={files.decisions(filter)}
        call={{ path: "/v1/decisions", query: filter }}
        filters={filters}
        columns={columns}
        rowKey={(row) => row.id}
        rowClass={(row) => row.state}
        onOpen={(row) => setUrl({ decision: row.id })}
        keys={{ e: (row) => setUrl({ decision: row.id }) }}
        empty={<p className="soft pad">{t("noneFiltered")}</p>}
      />
      <DecisionDrawer id={url.decision} onClose={() => setUrl({ decision: "" })} />
    </>
  )
}
