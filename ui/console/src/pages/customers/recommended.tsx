import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import type { Recommendation, Recommendations } from "../../lib/shapes"
import { useFormats } from "../../lib/i18n"
import { useShopNames } from "../../lib/names"
import { ask } from "../../lib/queries"
import { Bones } from "../../parts/blank"
import { Figure, Term } from "../../parts/explain"
import { Table, type Column } from "../../parts/table"
import { kindOf, Trouble } from "../../parts/trouble"
import { Meter } from "../../parts/viz"

/** What to put before a customer: products for the next basket, new ones marked, and what each score is made of. */
export function Recommended({ id }: { id: string }) {
  const { t } = useTranslation(["customers", "common"])
  const found = useQuery(ask.recommended(id))
  if (found.error && kindOf(found.error) === "not_found") return null
  return (
    <section className="sheet" aria-labelledby="recommended">
      <div className="thead">
        <h2 id="recommended">
          <Term of="nextBasket" asOf={found.data?.as_of ?? undefined}>
            {t("recommended")}
          </Term>
        </h2>
        <p className="soft small">{t("recommendedLead")}</p>
      </div>
      {found.error ? (
        <Trouble error={found.error} onRetry={() => void found.refetch()} />
      ) : found.data ? (
        <Rows data={found.data} />
      ) : (
        <Bones rows={6} height={44} />
      )}
    </section>
  )
}

function Rows({ data }: { data: Recommendations }) {
  const { t } = useTranslation(["customers", "common"])
  const f = useFormats()
  const names = useShopNames()
  const columns: Column<Recommendation>[] = [
    {
      key: "title",
      title: t("product"),
      wrap: true,
      show: (row) => (
        <>
          <Link to={`/supply/${encodeURIComponent(row.product_id)}`}>{row.title}</Link> {row.is_new && <strong className="small">{t("isNew")}</strong>}
          {row.category && (
            <div className="soft" title={row.category}>
              {names.text(row.category)}
            </div>
          )}
          <Parts row={row} />
        </>
      ),
    },
    {
      key: "probability",
      title: t("inBasket"),
      explain: "nextBasket",
      right: true,
      show: (row) => (
        <Figure of="nextBasket" asOf={data.as_of ?? undefined}>
          <Meter value={row.probability} />
          <span className="pct">{f.percent(row.probability)}</span>
        </Figure>
      ),
    },
  ]
  return (
    <Table
      label={t("recommended")}
      columns={columns}
      rows={data.rows}
      rowKey={(row) => row.product_id}
      fold={10}
      empty={<p className="soft pad">{t("recommendedNone")}</p>}
    />
  )
}

/** The two strongest reasons; opened, every part of the sum. */
function Parts({ row }: { row: Recommendation }) {
  const { t } = useTranslation("customers")
  const f = useFormats()
  const points = (value: number) => (value > 0 ? "+" : "") + f.decimal(value, 2)
  const strongest = [...row.reasons].sort((a, b) => Math.abs(b.log_odds) - Math.abs(a.log_odds))
  return (
    <details className="small">
      <summary className="soft">
        {strongest.slice(0, 2).map((part) => (
          <span key={part.reason} className="num">
            {t(`part.${part.reason}`)} {points(part.log_odds)}{" "}
          </span>
        ))}
      </summary>
      <ul className="num">
        <li>
          {t("part.base")} {points(row.base)}
        </li>
        {row.reasons.map((part) => (
          <li key={part.reason}>
            {t(`part.${part.reason}`)} {points(part.log_odds)}
          </li>
        ))}
        <li>
          {t("part.sum")} {t("part.is", { sum: points(row.score), share: f.percent(row.probability) })}
        </li>
      </ul>
    </details>
  )
}
