import { useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useTranslation } from "react-i18next"
import { Link, useNavigate } from "react-router"
import { useJobs } from "../../app/jobs"
import type { Today } from "../../lib/shapes"
import { useFormats } from "../../lib/i18n"
import { useTeamName } from "../../lib/names"
import { ask } from "../../lib/queries"
import { useUrl } from "../../lib/url"
import { Blank, Bones } from "../../parts/blank"
import { Choice } from "../../parts/choice"
import { Figure } from "../../parts/explain"
import { ProvenanceCard } from "../../parts/provenance"
import { Trouble } from "../../parts/trouble"
import { ChangeCard } from "./change"
import { FirstSteps } from "./first"
import { GroupList } from "./groups"
import { ScorecardCard } from "./scorecard"

export default function TodayPage() {
  const { t } = useTranslation("today")
  const [url, setUrl] = useUrl({ team: "", view: "chart", play: "" })
  const today = useQuery(ask.today(url.team))
  const shop = useQuery(ask.shop()).data
  if (today.error) {
    return (
      <div className="page">
        <h1>{t("title")}</h1>
        <Trouble error={today.error} onRetry={() => void today.refetch()} />
      </div>
    )
  }
  const data = today.data
  return (
    <div className="page">
      <Head data={data} team={url.team} onTeam={(team) => setUrl({ team })} />
      {!data ? (
        <section className="sheet">
          <Bones rows={8} height={57} />
        </section>
      ) : data.groups.length ? (
        <>
          <GroupList groups={data.groups} asOf={data.as_of} />
          <More groups={data.waiting.groups} />
        </>
      ) : (
        <Nothing data={data} team={url.team} />
      )}
      {data && (
        <div className="two">
          <ScorecardCard card={data.scorecard} view={url.view} play={url.play} onPick={(patch) => setUrl(patch, true)} />
          <div className="stack">
            <ChangeCard change={data.change} asOf={data.as_of} />
            <FirstSteps steps={data.checklist} />
            {shop?.provenance && <ProvenanceCard shop={shop} />}
          </div>
        </div>
      )}
    </div>
  )
}

function Head({ data, team, onTeam }: { data: Today | undefined; team: string; onTeam(team: string): void }) {
  const { t } = useTranslation("today")
  const f = useFormats()
  const teams = useQuery({ ...ask.teams(), staleTime: Infinity }).data
  const teamName = useTeamName(teams)
  const waiting = data?.waiting
  const lead = !data?.as_of
    ? "\u00a0"
    : waiting?.decisions
      ? t("lead", { count: waiting.decisions, groups: f.whole(waiting.groups), day: f.day(data.as_of) })
      : t("leadNone")
  const options = [{ value: "", label: t("allTeams") }, ...(teams ?? []).map((row) => ({ value: row.key, label: teamName(row.key) }))]
  return (
    <div className="head">
      <div>
        <h1>{t("title")}</h1>
        <p className="lead">{lead}</p>
      </div>
      <Sums data={data} />
      <Choice label={t("team")} value={team} onChange={onTeam} className="team" options={options} />
    </div>
  )
}

/** Sums of the screen. Gains that rest on assumptions stand apart and are never added to the others. */
function Sums({ data }: { data: Today | undefined }) {
  const { t } = useTranslation(["today", "common"])
  const f = useFormats()
  if (!data) return <dl className="sums bonesums" aria-hidden />
  const { policy, assumed, measured } = data.expected
  const proven = measured.mid ? { low: policy.low + measured.low, mid: policy.mid + measured.mid, high: policy.high + measured.high } : policy
  return (
    <dl className="sums">
      <div>
        <dt>{t("expected")}</dt>
        <dd>
          <Figure of="policyGain" asOf={data.as_of} to="/decisions?play=stock_up" className="gain big">
            {f.moneyRange(proven).gain}
          </Figure>{" "}
          <span className="range num">{t("common:range", f.moneyRange(proven))}</span>
        </dd>
      </div>
      {assumed.mid !== 0 && (
        <div className="assumedsum">
          <dt>{t("assumedSum")}</dt>
          <dd>
            <Figure of="assumedGain" asOf={data.as_of} to="/settings?tab=assumptions" className="big hollow">
              {f.moneyRange(assumed).gain}
            </Figure>{" "}
            <span className="range num">{t("common:range", f.moneyRange(assumed))}</span>
          </dd>
        </div>
      )}
      <div>
        <dt>{t("cost")}</dt>
        <dd>
          <Figure of="cost" className="big">
            {data.cost_minor ? f.money(data.cost_minor) : t("costNone")}
          </Figure>
        </dd>
      </div>
      <div>
        <dt>{t("waiting")}</dt>
        <dd>
          <Figure of="waiting" to="/decisions" className="big plain">
            {f.whole(data.waiting.groups)}
          </Figure>
        </dd>
      </div>
    </dl>
  )
}

function More({ groups }: { groups: number }) {
  const { t } = useTranslation("today")
  return (
    <p className="after">
      <Link to="/decisions">{t("all", { count: groups })}</Link>
      <Link to="/strategy">{t("strategy")}</Link>
    </p>
  )
}

function Nothing({ data, team }: { data: Today; team: string }) {
  const { t } = useTranslation("today")
  const go = useNavigate()
  const jobs = useJobs()
  const shop = useQuery(ask.shop()).data
  if (team || data.as_of) {
    return (
      <section className="sheet">
        <Blank title={team ? t("emptyTeam") : t("leadNone")}>
          <Link to="/decisions">{t("all", { count: data.waiting.groups })}</Link>
        </Blank>
      </section>
    )
  }
  const actions = (
    <>
      <Button type="primary" onClick={() => void go("/data/exports")}>
        {t("emptyImport")}
      </Button>
      {!!shop?.waiting_days && <Button onClick={() => jobs.replay(1)}>{t("emptyNext")}</Button>}
    </>
  )
  return (
    <section className="sheet">
      <Blank title={t("empty")} actions={actions}>
        {t("emptyWhy")}
      </Blank>
    </section>
  )
}
