import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Drawer, Input, InputNumber } from "antd"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { useNotices } from "../../lib/notices"
import type { DecisionDetail, DecisionRow } from "../../lib/shapes"
import { atLeast, client } from "../../lib/api"
import { useFormats } from "../../lib/i18n"
import { holdKeys } from "../../lib/keys"
import { useTitles } from "../../lib/names"
import { told } from "../../lib/told"
import { ask } from "../../lib/queries"
import { Bones } from "../../parts/blank"
import { Term } from "../../parts/explain"
import { FactList, useFactValue } from "../../parts/facts"
import { BasisTag, StateTag, useStateName } from "../../parts/tags"
import { sentenceOf, Trouble } from "../../parts/trouble"
import { IntervalBar } from "../../parts/viz"
import { outcomeOf, useUnitWords } from "./words"

/** One decision with everything behind it and everything that happened to it. */
export function DecisionDrawer({ id, onClose }: { id: string; onClose(): void }) {
  const { t } = useTranslation("decisions")
  const { playName } = useTitles()
  const found = useQuery({ ...ask.decision(id), enabled: id !== "" })
  useEffect(() => (id ? holdKeys() : undefined), [id])
  const title = found.data && id ? t("titled", { play: playName(found.data.play), title: found.data.title }) : t("decision")
  return (
    <Drawer open={id !== ""} onClose={onClose} title={title} size={560} destroyOnHidden>
      {found.error ? (
        <Trouble error={found.error} onRetry={() => void found.refetch()} />
      ) : found.data && id ? (
        <Body decision={found.data} />
      ) : (
        <Bones rows={8} height={40} />
      )}
    </Drawer>
  )
}

function Body({ decision }: { decision: DecisionDetail }) {
  const { t } = useTranslation(["decisions", "common"])
  const { row, product, customer } = subjectOf(decision)
  return (
    <div className="drawerbody">
      <p className="row">
        <StateTag state={row.state} />
        <BasisTag basis={row.basis} />
        {customer && <Link to={`/customers/${encodeURIComponent(customer)}`}>{t("customer", { id: customer })}</Link>}
        {product && <Link to={`/supply/${encodeURIComponent(product)}`}>{t("product", { id: product })}</Link>}
      </p>
      {row.state === "approved" && row.subject_kind !== "product" && <p className="warn">{t("waitsLong")}</p>}
      <Worth decision={decision} />
      <Deciding decision={decision} />
      <h3>{t("evidence")}</h3>
      <FactList facts={decision.evidence} />
      <h3>{t("assumptions")}</h3>
      <FactList facts={decision.assumptions} linkTo="/settings?tab=assumptions" />
      <h3>{t("settlements")}</h3>
      <Settlements decision={decision} />
      <h3>{t("transitions")}</h3>
      <Transitions decision={decision} />
      <p className="soft small">{t("method", { method: decision.method })}</p>
    </div>
  )
}

function subjectOf(row: DecisionRow) {
  const { customer_id, product_id } = row.subject_params
  return {
    row,
    customer: customer_id === undefined || customer_id === null ? undefined : String(customer_id),
    product: product_id === undefined || product_id === null ? undefined : String(product_id),
  }
}

function Worth({ decision }: { decision: DecisionDetail }) {
  const { t } = useTranslation(["decisions", "common"])
  const f = useFormats()
  const unit = useUnitWords()
  const words = outcomeOf(decision.forecast_unit)
  const value = useFactValue()
  const gain = decision.gain_minor
  const usual = Object.entries(decision.default_action)
  return (
    <dl className="facts wide">
      <dt>
        <Term of="gain">{t("gain")}</Term>
      </dt>
      <dd className="num">
        {gain ? (
          <>
            <strong className={decision.basis === "assumed" ? "gain maybe" : "gain"}>{f.moneyRange(gain).gain}</strong>{" "}
            <span className="range">{t("common:range", f.moneyRange(gain))}</span>
            <IntervalBar
              range={gain}
              scale={{ min: Math.min(0, gain.low), max: Math.max(1, gain.high) * 1.1 }}
              hollow={decision.basis === "assumed"}
            />
          </>
        ) : (
          t("common:unknown")
        )}
      </dd>
      <dt>
        <Term of="forecast">{t("forecast")}</Term>
      </dt>
      <dd className="num">
        {words ? (
          t(words.chance, { share: f.percent(decision.forecast.mid) })
        ) : (
          <>
            {unit(decision.forecast_unit, decision.forecast.mid)}{" "}
            <span className="range">
              {t("common:range", { low: f.quantity(decision.forecast.low), high: f.quantity(decision.forecast.high) })}
            </span>
          </>
        )}
      </dd>
      <dt>
        <Term of="cost">{t("cost")}</Term>
      </dt>
      <dd className="num">{decision.cost_minor ? f.money(decision.cost_minor) : t("common:none")}</dd>
      <dt>{t("window")}</dt>
      <dd className="num">{t("common:range", { low: f.day(decision.window_start), high: f.day(decision.window_end) })}</dd>
      <dt>{t("usual")}</dt>
      <dd>
        {usual.map(([key, one]) => (
          <span key={key} className="usual">
            <UsualName name={key} /> {value(key, one)}
          </span>
        ))}
      </dd>
    </dl>
  )
}

const usualNames = ["units", "reminder", "channel", "policy"] as const

function UsualName({ name }: { name: string }) {
  const { t } = useTranslation("decisions")
  const known = usualNames.find((one) => one === name)
  return <>{known ? t(`usualName.${known}`) : name}</>
}

type Verb = "approve" | "reject" | "undo"

/** Approve, reject, take back, or have other units; each names the version that the person saw. */
function Deciding({ decision }: { decision: DecisionDetail }) {
  const { t } = useTranslation(["decisions", "common"])
  const { notification } = useNotices()
  const queries = useQueryClient()
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const [why, setWhy] = useState("")
  const settle = {
    onSuccess: () => {
      setWhy("")
      void queries.invalidateQueries({ predicate: (query) => /decisions|today|demand|customers/.test(String(query.queryKey[0])) })
    },
    onError: (error: unknown) => {
      notification.error({ title: t("common:act.failed", { title: decision.title }), description: sentenceOf(error), duration: 0 })
      void queries.invalidateQueries({ queryKey: ["/v1/decisions/{id}", decision.id] })
    },
  }
  const move = useMutation({
    mutationFn: (verb: Verb) => client.POST("/v1/decisions/{id}/{verdict}", {
        params: { path: { id: decision.id, verdict: verb } },
        body: { version: decision.version, why: why || null },
      }),
    ...settle,
  })
  const edit = useMutation({
    mutationFn: (units: number) => client.PATCH("/v1/decisions/{id}", {
        params: { path: { id: decision.id } },
        body: { version: decision.version, action: { units }, why: why || null },
      }),
    ...settle,
  })
  if (!atLeast(me?.role, "operator")) return null
  const waiting = decision.state === "proposed"
  const decided = decision.state === "approved" || decision.state === "rejected"
  if (!waiting && !decided) return null
  const busy = move.isPending || edit.isPending
  return (
    <div className="deciding">
      {waiting && typeof decision.action["units"] === "number" && (
        <UnitsEditor decision={decision} units={decision.action["units"]} busy={busy} onSave={(units) => edit.mutate(units)} />
      )}
      {waiting && (
        <Input
          aria-label={t("why")}
          placeholder={t("whyHint")}
          maxLength={300}
          value={why}
          onChange={(event) => setWhy(event.target.value)}
        />
      )}
      <div className="row">
        {waiting && (
          <>
            <Button type="primary" disabled={busy} onClick={() => move.mutate("approve")}>
              {t("common:act.approve")}
            </Button>
            <Button disabled={busy} onClick={() => move.mutate("reject")}>
              {t("common:act.reject")}
            </Button>
          </>
        )}
        {decided && (
          <Button disabled={busy} onClick={() => move.mutate("undo")}>
            {t("common:act.undo")}
          </Button>
        )}
      </div>
    </div>
  )
}

type UnitsProps = { decision: DecisionDetail; units: number; busy: boolean; onSave(units: number): void }

function UnitsEditor({ decision, units, busy, onSave }: UnitsProps) {
  const { t } = useTranslation(["decisions", "common"])
  const f = useFormats()
  const [wanted, setWanted] = useState<number | null>(units)
  useEffect(() => setWanted(units), [units])
  const changed = wanted !== null && wanted !== units
  const price = decision.evidence["unit_price_minor"] ?? decision.evidence["price_minor"]
  const signed = (value: number) => (value > 0 ? `+${f.whole(value)}` : f.whole(value))
  return (
    <div className="units">
      <label>
        <span className="soft small">{t("unitsWanted")}</span>
        <InputNumber
          min={0}
          max={1_000_000_000}
          precision={0}
          value={wanted}
          onChange={(value) => setWanted(value)}
          aria-label={t("unitsWanted")}
          onPressEnter={() => changed && onSave(wanted)}
        />
      </label>
      <Button disabled={!changed || busy} onClick={() => changed && onSave(wanted)}>
        {t("saveUnits")}
      </Button>
      <p className="soft small num" aria-live="polite">
        {changed
          ? t("preview", {
              from: f.whole(units),
              to: f.whole(wanted),
              diff: signed(wanted - units),
              money: typeof price === "number" ? f.money((wanted - units) * price, { signed: true }) : t("common:unknown"),
            })
          : t("previewNone")}
      </p>
    </div>
  )
}

const kinds = ["trial", "policy_replay", "observed_untreated"] as const

function Settlements({ decision }: { decision: DecisionDetail }) {
  const { t } = useTranslation(["decisions", "common"])
  const f = useFormats()
  const unit = useUnitWords()
  if (!decision.settlements.length) return <p className="soft small">{t("notSettled", { day: f.day(decision.window_end) })}</p>
  return (
    <ul className="steps">
      {decision.settlements.map((end) => {
        const kind = kinds.find((one) => one === end.kind)
        const seen = end.forecast_observed ?? 0
        const word = outcomeOf(decision.forecast_unit)
        return (
          <li key={end.kind + end.settled_on}>
            <time className="num soft">{f.day(end.settled_on)}</time>
            <span>
              {word ? t(seen ? word.yes : word.no) : unit(decision.forecast_unit, seen)}
              {end.gain_observed_minor !== null && <strong className="num"> {f.money(end.gain_observed_minor, { signed: true })}</strong>}
              {end.inside !== null && <span className={end.inside ? "soft" : "bad"}> {t(end.inside ? "inside" : "outside")}</span>}
              {kind && <span className="soft small block">{t(`common:calibration.${kind}`)}</span>}
            </span>
          </li>
        )
      })}
    </ul>
  )
}

function Transitions({ decision }: { decision: DecisionDetail }) {
  const { t } = useTranslation("decisions")
  const f = useFormats()
  const stateName = useStateName()
  return (
    <ul className="steps">
      {decision.transitions.map((step, index) => (
        <li key={step.at + String(index)}>
          <time className="num soft" dateTime={step.at}>
            {f.moment(step.at)}
          </time>
          <span>
            {t("step", { who: step.actor, state: stateName(step.to) })}
            {step.why && <span className="soft"> {t("because", { why: step.why })}</span>}
            {step.diff && <span className="soft small block num">{t("changed", { diff: told(step.diff) })}</span>}
          </span>
        </li>
      ))}
    </ul>
  )
}
