import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { Bones } from "../../../parts/blank"
import { Term } from "../../../parts/explain"
import { kindOf, Trouble } from "../../../parts/trouble"
import { usePlaceName, useStandingWhy } from "./words"

/** One customer's stage and tier, the reason, and how they came there. */
export function StandingCard({ id }: { id: string }) {
  const { t } = useTranslation("lifecycle")
  const f = useFormats()
  const place = usePlaceName()
  const why = useStandingWhy()
  const found = useQuery(ask.standing(id))
  if (found.error) return kindOf(found.error) === "not_found" ? null : <Trouble error={found.error} onRetry={() => void found.refetch()} />
  const data = found.data
  return (
    <section className="sheet pad" aria-labelledby="standing">
      <h2 id="standing">
        <Term of="stage" asOf={data?.as_of}>
          {t("standing")}
        </Term>
      </h2>
      {data ? (
        <>
          <p className="lead">
            <strong>{place(`${data.stage}/${data.tier}`)}</strong> <span className="soft">{t("sinceDay", { day: f.day(data.since) })}</span>
          </p>
          <p>{why(data.why)}</p>
          {data.history.length > 1 && (
            <ol className="steps">
              {data.history.slice(0, 12).map((step) => (
                <li key={step.day}>
                  <span className="soft num">{f.day(step.day)}</span>
                  <span>
                    {step.from_stage && step.from_tier ? `${place(`${step.from_stage}/${step.from_tier}`)} \u2192 ` : ""}
                    {step.to_stage && step.to_tier ? place(`${step.to_stage}/${step.to_tier}`) : t("gone")}
                  </span>
                </li>
              ))}
            </ol>
          )}
        </>
      ) : (
        <Bones rows={3} height={26} />
      )}
    </section>
  )
}
