import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useMemo } from "react"
import { useTranslation } from "react-i18next"
import { Link, useNavigate } from "react-router"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { tiers, type Planned } from "../../../lib/shapes"
import { useUrl } from "../../../lib/url"
import { Blank, Bones } from "../../../parts/blank"
import { Trouble } from "../../../parts/trouble"
import "../../../styles/lifecycle.css"
import "../../../styles/allocation.css"
import { askedOf, plain, tiersOf, useRested, useRules, waysOf, type Rules, type Url } from "./asked"
import { CurveCard } from "./curve"
import { LimitsCard } from "./limits"
import { ReachedCard } from "./reached"
import { PricesCard, WorthCard } from "./worth"

/** What other budgets, capacities and shares would bring in winning customers back; it decides nothing. */
export default function AllocationPage() {
  const { t } = useTranslation("allocation")
  const f = useFormats()
  const go = useNavigate()
  const [url, setUrl] = useUrl(plain)
  const shop = useQuery(ask.shop())
  const plays = useQuery(ask.plays())
  const rules = useRules(f.unit)
  const error = shop.error ?? plays.error
  const asOf = shop.data?.as_of
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{t("title")}</h1>
          <p className="lead num">{asOf ? t("lead", { day: f.day(asOf) }) : "\u00a0"}</p>
        </div>
        {asOf && <Link to="/decisions?play=win_back">{t("toDecisions")}</Link>}
      </div>
      {error ? (
        <Trouble error={error} onRetry={() => void Promise.all([shop.refetch(), plays.refetch()])} />
      ) : !shop.data || !rules ? (
        <section className="sheet">
          <Bones rows={8} height={44} />
        </section>
      ) : asOf ? (
        <>
          <LimitsCard url={url} rules={rules} onUrl={setUrl} />
          <Answer url={url} rules={rules} asOf={asOf} onUrl={setUrl} />
        </>
      ) : (
        <section className="sheet">
          <Blank
            title={t("empty")}
            actions={
              <Button type="primary" onClick={() => void go("/data/exports")}>
                {t("toData")}
              </Button>
            }
          >
            {t("emptyWhy")}
          </Blank>
        </section>
      )}
    </div>
  )
}

type AnswerProps = { url: Url; rules: Rules; asOf: string; onUrl(patch: Partial<Url>): void }

function Answer({ url, rules, asOf, onUrl }: AnswerProps) {
  const f = useFormats()
  const now = useMemo(() => askedOf(url, rules, f.unit), [url, rules.budget, rules.calls, rules.mid, f.unit])
  const asked = useRested(now)
  const found = useQuery({ ...ask.whatIf(asked), placeholderData: keepPreviousData })
  const plan = found.data
  if (found.error) return <Trouble error={found.error} onRetry={() => void found.refetch()} />
  if (!plan)
    return (
      <section className="sheet">
        <Bones rows={8} height={44} />
      </section>
    )
  const late = found.isPlaceholderData || JSON.stringify(asked) !== JSON.stringify(now)
  return (
    <div className="answer" aria-busy={late}>
      {plan.customers === 0 ? <Nobody url={url} onUrl={onUrl} /> : <Found plan={plan} url={url} budget={asked.budget_minor ?? null} asOf={asOf} />}
    </div>
  )
}

function Found({ plan, url, budget, asOf }: { plan: Planned; url: Url; budget: number | null; asOf: string }) {
  return (
    <>
      <WorthCard plan={plan} asOf={asOf} />
      <div className="two">
        <CurveCard plan={plan} budget={budget} />
        <PricesCard plan={plan} asOf={asOf} />
      </div>
      <ReachedCard plan={plan} tiers={tiersOf(url)} ways={waysOf(url)} />
    </>
  )
}

function Nobody({ url, onUrl }: { url: Url; onUrl(patch: Partial<Url>): void }) {
  const { t } = useTranslation("allocation")
  const go = useNavigate()
  const none = tiersOf(url).length === 0 || waysOf(url).length === 0
  const all = tiersOf(url).length === tiers.length
  return (
    <section className="sheet">
      <Blank
        title={t(none ? "noneChosen" : "nobody")}
        actions={
          none ? (
            <Button type="primary" onClick={() => onUrl({ tiers: url.tiers || plain.tiers, ways: url.ways || plain.ways })}>
              {t("chooseUsual")}
            </Button>
          ) : (
            <>
              {!all && (
                <Button type="primary" onClick={() => onUrl({ tiers: tiers.join(",") })}>
                  {t("allTiers")}
                </Button>
              )}
              <Button onClick={() => void go("/customers/lifecycle?open=thresholds")}>{t("toBoundaries")}</Button>
            </>
          )
        }
      >
        {t(none ? "noneChosenWhy" : "nobodyWhy")}
      </Blank>
    </section>
  )
}
