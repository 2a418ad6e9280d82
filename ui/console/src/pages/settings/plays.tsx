import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, InputNumber, Select, Switch } from "antd"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { useNotices } from "../../lib/notices"
import type { Play } from "../../lib/shapes"
import { atLeast, client, take } from "../../lib/api"
import { useFormats } from "../../lib/i18n"
import { playKey, useTeamName, useTitles } from "../../lib/names"
import { ask } from "../../lib/queries"
import { Bones } from "../../parts/blank"
import { BasisTag } from "../../parts/tags"
import { sentenceOf, Trouble } from "../../parts/trouble"

const roles = ["operator", "approver", "admin"] as const

/** How each play may be used: whose it is, what it may spend in a week, and from where on somebody else must agree. */
export function PlaysTab() {
  const plays = useQuery(ask.plays())
  if (plays.error) return <Trouble error={plays.error} onRetry={() => void plays.refetch()} />
  if (!plays.data) return <Bones rows={2} height={160} />
  return (
    <div className="stack">
      {plays.data.map((play) => (
        <PlayCard key={play.play} play={play} />
      ))}
    </div>
  )
}

type Rule = Pick<Play, "budget_minor" | "approve_limit_minor" | "approve_role" | "enabled" | "team">

function PlayCard({ play }: { play: Play }) {
  const { t } = useTranslation(["settings", "common"])
  const f = useFormats()
  const { message, notification } = useNotices()
  const queries = useQueryClient()
  const { playName } = useTitles()
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const teams = useQuery({ ...ask.teams(), staleTime: Infinity }).data
  const teamName = useTeamName(teams)
  const [rule, setRule] = useState<Rule>(play)
  useEffect(() => setRule(play), [play])
  const keys = ["budget_minor", "approve_limit_minor", "approve_role", "enabled", "team"] as const
  const changed = keys.filter((key) => rule[key] !== play[key])
  const save = useMutation({
    mutationFn: () => take(client.PATCH("/v1/plays/{play}", { params: { path: { play: play.play } }, body: Object.fromEntries(changed.map((key) => [key, rule[key]])) })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["/v1/plays"] })
      void message.success(t("common:act.saved"))
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const locked = !atLeast(me?.role, "admin")
  const money = (key: "budget_minor" | "approve_limit_minor", label: string, hint: string) => (
    <label>
      <span>{label}</span>
      <InputNumber
        aria-label={label}
        value={rule[key] === null ? null : rule[key] / f.unit}
        min={0}
        precision={2}
        disabled={locked}
        placeholder={hint}
        suffix={f.currency}
        onChange={(value) => setRule({ ...rule, [key]: value === null ? null : Math.round(value * f.unit) })}
      />
    </label>
  )
  return (
    <section className="sheet pad" aria-label={playName(play.play)}>
      <div className="shead">
        <h2>
          {playName(play.play)} <BasisTag basis={play.basis} />
        </h2>
        <label className="switch">
          <span className="soft small">{t(rule.enabled ? "on" : "off")}</span>
          <Switch checked={rule.enabled} disabled={locked} aria-label={t("enabledFor", { play: playName(play.play) })} onChange={(enabled) => setRule({ ...rule, enabled })} />
        </label>
      </div>
      <p className="lead">{t(`playAbout.${playKey(play.play)}`)}</p>
      <div className="fields">
        {money("budget_minor", t("budget"), t("noLimit"))}
        {money("approve_limit_minor", t("limit"), t("noLimit"))}
        <label>
          <span>{t("limitRole")}</span>
          <Select<Play["approve_role"]>
            aria-label={t("limitRole")}
            value={rule.approve_role}
            disabled={locked}
            onChange={(approve_role) => setRule({ ...rule, approve_role })}
            options={roles.map((role) => ({ value: role, label: t(`common:role.${role}`) }))}
          />
        </label>
        <label>
          <span>{t("team")}</span>
          <Select
            aria-label={t("team")}
            value={rule.team}
            disabled={locked}
            onChange={(team) => setRule({ ...rule, team })}
            options={(teams ?? []).map((team) => ({ value: team.key, label: teamName(team.key) }))}
          />
        </label>
      </div>
      {changed.length > 0 && (
        <p className="row factlink">
          <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
            {t("common:act.save")}
          </Button>
          <Button type="text" onClick={() => setRule(play)}>
            {t("common:act.cancel")}
          </Button>
        </p>
      )}
    </section>
  )
}
