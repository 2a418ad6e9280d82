import { Button } from "antd"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import type { DemandDetail } from "../../lib/shapes"
import { useFormats } from "../../lib/i18n"
import { Figure, Term } from "../../parts/explain"
import { BasisTag, StateTag } from "../../parts/tags"
import { IntervalBar } from "../../parts/viz"

/** The decision that follows from the forecast, and the reasoning of it in four lines of arithmetic. */
export function Newsvendor({ data, onOpen }: { data: DemandDetail; onOpen(id: string): void }) {
  const { t } = useTranslation(["supply", "common"])
  const f = useFormats()
  const { decision, policy } = data
  return (
    <section className="sheet pad" aria-labelledby="follows">
      <div className="shead">
        <h2 id="follows">{t("follows")}</h2>
        {decision && <StateTag state={decision.state} />}
      </div>
      {decision ? (
        <>
          <p className="stock num">
            <Figure of="units">{t("units", { count: Number(decision.action["units"] ?? 0) })}</Figure>
            <span className="soft small">{t("insteadOf", { usual: f.whole(Number(decision.default_action["units"] ?? 0)) })}</span>
          </p>
          {decision.gain_minor && (
            <div className="stockgain">
              <span className="num">
                <Figure of="gain" className="gain">
                  {f.moneyRange(decision.gain_minor).gain}
                </Figure>{" "}
                <span className="range">{t("common:range", f.moneyRange(decision.gain_minor))}</span>{" "}
                <BasisTag basis={decision.basis} />
              </span>
              <IntervalBar
                range={decision.gain_minor}
                scale={{ min: Math.min(0, decision.gain_minor.low), max: Math.max(1, decision.gain_minor.high) * 1.1 }}
              />
            </div>
          )}
          <Button type="primary" onClick={() => onOpen(decision.id)}>
            {t("openDecision")}
          </Button>
        </>
      ) : (
        <p className="lead">{t("noDecision")}</p>
      )}
      {policy && <Reasoning policy={policy} units={decision ? Number(decision.action["units"]) : null} />}
    </section>
  )
}

type Policy = NonNullable<DemandDetail["policy"]>

function Reasoning({ policy, units }: { policy: Policy; units: number | null }) {
  const { t } = useTranslation(["supply", "common"])
  const f = useFormats()
  const money = (rate: number) => (policy.price_minor === null ? f.percent(rate) : f.money(policy.price_minor * rate, { exact: true }))
  const ratio = f.percent(policy.critical_ratio, 1)
  return (
    <div className="reasoning">
      <h3>
        <Term of="criticalRatio">{t("reasoning")}</Term>
      </h3>
      <dl className="facts">
        <dt>{t("short")}</dt>
        <dd className="num">{t("ofPrice", { money: money(policy.margin_rate), rate: f.percent(policy.margin_rate, 1) })}</dd>
        <dt>{t("over")}</dt>
        <dd className="num">{t("ofPrice", { money: money(policy.scrap_rate), rate: f.percent(policy.scrap_rate, 1) })}</dd>
        <dt>{t("ratio")}</dt>
        <dd className="num">{ratio}</dd>
      </dl>
      <div className="ratio" role="img" aria-label={t("ratioAria", { ratio })}>
        <i style={{ width: `${policy.critical_ratio * 100}%` }} />
      </div>
      <p className="soft small">{units === null ? t("meansNone", { ratio }) : t("means", { ratio, units: f.whole(units) })}</p>
      <p className="small factlink">
        <Link to="/settings?tab=assumptions">{t("editRates")}</Link>
      </p>
    </div>
  )
}
