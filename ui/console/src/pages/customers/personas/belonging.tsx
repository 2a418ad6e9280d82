import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { Bones } from "../../../parts/blank"
import { Term } from "../../../parts/explain"
import { kindOf, Trouble } from "../../../parts/trouble"
import { Meter } from "../../../parts/viz"
import { usePersonaWords } from "./words"

const SHOWN = 3
const LEAST = 0.05

/** The scenes of one customer, each with the categories, times and baskets that sum to its weight. */
export function BelongingCard({ id }: { id: string }) {
  const { t } = useTranslation("personas")
  const f = useFormats()
  const words = usePersonaWords()
  const found = useQuery(ask.customerPersonas(id))
  if (found.error) return kindOf(found.error) === "not_found" ? null : <Trouble error={found.error} onRetry={() => void found.refetch()} />
  const data = found.data
  return (
    <section className="sheet pad" aria-labelledby="belonging">
      <h2 id="belonging">
        <Term of="persona" n={data?.baskets} asOf={data?.as_of}>
          {t("mine")}
        </Term>
      </h2>
      {!data ? (
        <Bones rows={4} height={26} />
      ) : (
        <>
          {data.said !== "enough" && (
            <p className="soft">{data.said === "few" ? t("few", { count: data.baskets, least: data.least_baskets }) : t("flat")}</p>
          )}
          {data.memberships.filter((one) => one.weight >= LEAST).slice(0, SHOWN).map((one) => (
            <details key={one.persona_id} className="said" open={one.belongs}>
              <summary>
                <Meter value={one.weight} /> <span className="num">{f.percent(one.weight)}</span> {words.name(one)}
              </summary>
              <ul className="plainlist">
                {one.reasons.map((reason) => (
                  <li key={reason.kind + reason.name}>
                    <span>{words.reason(reason)}</span>
                    <span className="soft num">
                      {t(reason.kind === "said" ? "addsSaid" : "adds", { adds: f.decimal(reason.adds * 100), count: reason.baskets })}
                    </span>
                  </li>
                ))}
                <li>
                  <span className="soft">{t("otherReasons")}</span>
                  <span className="soft num">{t("points", { adds: f.decimal(one.reasons_rest * 100) })}</span>
                </li>
              </ul>
              <p className="small soft">{t("baskets4")}</p>
              <ul className="plainlist">
                {one.baskets.map((basket) => (
                  <li key={basket.order_id}>
                    <span className="num">
                      {basket.order_id} · {words.slot(basket.slot)}
                    </span>
                    <span className="soft num">{t("points", { adds: f.decimal(basket.adds * 100) })}</span>
                  </li>
                ))}
              </ul>
              {one.reviews.length > 0 && (
                <>
                  <p className="small soft">{t("reviews4")}</p>
                  <ul className="plainlist">
                    {one.reviews.map((review) => (
                      <li key={review.review_id + review.cue}>
                        <span>
                          <q>{review.sentence}</q> <span className="soft num">{f.day(review.day)}</span>
                        </span>
                        <span className="soft num">{t("points", { adds: f.decimal(review.adds * 100) })}</span>
                      </li>
                    ))}
                  </ul>
                </>
              )}
              <Link to={`/customers/personas?persona=${one.persona_id}`}>{t("open")}</Link>
            </details>
          ))}
        </>
      )}
    </section>
  )
}
