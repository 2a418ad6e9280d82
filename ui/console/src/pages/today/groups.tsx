import { useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useRef } from "react"
import { useTranslation } from "react-i18next"
import { Link, useNavigate } from "react-router"
import type { Group } from "../../lib/shapes"
import { atLeast } from "../../lib/api"
import { roundUp, type Formats } from "../../lib/format"
import { useFormats } from "../../lib/i18n"
import { useRowKeys } from "../../lib/keys"
import { useReasons, useShopNames, useTeamName, useTitles } from "../../lib/names"
import { ask } from "../../lib/queries"
import { useDecide, type Verb } from "../../parts/decide"
import { Figure, Term } from "../../parts/explain"
import { BasisTag, StateTag } from "../../parts/tags"
import { IntervalBar, Spark } from "../../parts/viz"

export const groupLink = (group: Group) => `/decisions/groups/${encodeURIComponent(group.id)}`

export function scaleOf(groups: Group[], unit: number) {
  const high = Math.max(unit, ...groups.map((group) => group.gain_minor.high))
  const low = Math.min(0, ...groups.map((group) => group.gain_minor.low))
  return { min: low < 0 ? -roundUp(-low / unit) * unit : 0, max: roundUp(high / unit) * unit }
}

/** The few decisions worth most, on one shared scale. */
export function GroupList({ groups, asOf }: { groups: Group[]; asOf: string | null }) {
  const { t } = useTranslation("today")
  const f = useFormats()
  const go = useNavigate()
  const list = useRef<HTMLOListElement>(null)
  const { decide } = useDecide()
  const scale = scaleOf(groups, f.unit)
  const gains = f.column(groups.map((group) => group.gain_minor))
  const costs = f.column(groups.map((group) => group.cost_minor))
  const act = (verb: Verb) => (row: number) => {
    const group = groups[row]
    const fits = group && (verb === "undo" ? decided(group) : group.state === "proposed" || group.state === "mixed")
    if (fits) decide(group, verb)
  }
  const open = (row: number) => {
    const group = groups[row]
    if (group) void go(groupLink(group))
  }
  useRowKeys(list, "li", { a: act("approve"), x: act("reject"), u: act("undo"), e: open, Enter: open })
  return (
    <section aria-label={t("decisions")} className="sheet">
      <div className="drow dhead">
        <span className="dtitle">{t("decisions")}</span>
        <span>{t("recent")}</span>
        <span className="scale num">
          <Term of="gain" asOf={asOf}>
            {t("gainHead")}
          </Term>
          <small>{f.money(scale.min, { digits: 0 })}</small>
          <small>{f.money(scale.max, { digits: 0 })}</small>
        </span>
        <span className="r">
          <Term of="cost">{t("cost")}</Term>
        </span>
        <span />
      </div>
      <ol ref={list} className="decisions">
        {groups.map((group) => (
          <GroupRow
            key={group.id}
            group={group}
            scale={scale}
            asOf={asOf}
            range={gains.range(group.gain_minor)}
            cost={costs.money(group.cost_minor)}
            onAct={(verb) => decide(group, verb)}
          />
        ))}
      </ol>
      <p className="keys">{t("keys")}</p>
    </section>
  )
}

const decided = (group: Group) => group.state === "approved" || group.state === "rejected"

type RowProps = {
  group: Group
  scale: { min: number; max: number }
  asOf: string | null
  range: ReturnType<Formats["moneyRange"]>
  cost: string
  onAct(verb: Verb): void
}

function GroupRow({ group, scale, asOf, range, cost, onAct }: RowProps) {
  const { t } = useTranslation(["today", "common"])
  const f = useFormats()
  const names = useShopNames()
  const reason = useReasons()
  const teams = useQuery({ ...ask.teams(), staleTime: Infinity })
  const teamName = useTeamName(teams.data)
  const { groupTitle } = useTitles()
  const waits = group.state === "approved" && group.play !== "stock_up"
  return (
    <li tabIndex={-1} className={`drow ${group.state}`} data-testid={group.id}>
      <div className="what">
        <h2 title={names.name(group.group_key).original}>
          <Link to={groupLink(group)}>{groupTitle(group)}</Link>
        </h2>
        <p>
          {waits ? t("common:act.waits") : reason(group.reason, group.title_params)}
          <span className="own">{teamName(group.team)}</span>
          {group.proposed_on !== asOf && <span className="own num">{t("from", { day: f.day(group.window_start, "short") })}</span>}
        </p>
      </div>
      <div className="sparkcell">
        <Spark values={group.spark} width={96} />
      </div>
      <div className="gaincell">
        <span className="gainfig">
          <Figure of="gain" n={group.count} asOf={asOf} to={groupLink(group)} className={group.basis === "assumed" ? "gain maybe" : "gain"}>
            {range.gain}
          </Figure>
          <span className="range num">{t("common:range", range)}</span>
        </span>
        <IntervalBar range={group.gain_minor} scale={scale} hollow={group.basis === "assumed"} />
        <BasisTag basis={group.basis} />
      </div>
      <div className="cost num r">
        <span className="onlynarrow">{t("cost")} </span>
        {group.cost_minor ? cost : <span className="soft">{t("costNone")}</span>}
      </div>
      <Acts group={group} title={groupTitle(group)} onAct={onAct} />
    </li>
  )
}

function Acts({ group, title, onAct }: { group: Group; title: string; onAct(verb: Verb): void }) {
  const { t } = useTranslation("common")
  const go = useNavigate()
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const named = (verb: string) => t("act.for", { verb, title })
  if (decided(group)) {
    return (
      <div className="acts">
        <StateTag state={group.state} />
        {atLeast(me?.role, "operator") && (
          <Button size="small" type="link" onClick={() => onAct("undo")} aria-label={named(t("act.undo"))}>
            {t("act.undo")}
          </Button>
        )}
      </div>
    )
  }
  if (!atLeast(me?.role, "operator") || (group.state !== "proposed" && group.state !== "mixed")) {
    return (
      <div className="acts">
        <StateTag state={group.state} />
      </div>
    )
  }
  return (
    <div className="acts">
      <Button size="small" color="primary" variant="outlined" onClick={() => onAct("approve")} aria-label={named(t("act.approve"))}>
        {t("act.approve")}
      </Button>
      <Button size="small" type="text" onClick={() => void go(groupLink(group))} aria-label={named(t("act.edit"))}>
        {t("act.edit")}
      </Button>
      <Button size="small" type="text" onClick={() => onAct("reject")} aria-label={named(t("act.reject"))}>
        {t("act.reject")}
      </Button>
    </div>
  )
}
