import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { useFormats } from "../../../lib/i18n"
import { ask, files } from "../../../lib/queries"
import type { PersonaRow, Personas } from "../../../lib/shapes"
import { Bones } from "../../../parts/blank"
import { Term } from "../../../parts/explain"
import { TableTools } from "../../../parts/tabletools"
import { Trouble } from "../../../parts/trouble"
import { Spark } from "../../../parts/viz"
import { days, slots, usePersonaWords } from "./words"

/** One scene: its name, the need, the figures it is made of, what is said of its members, and who they are. */
export function PersonaCard({ row, all }: { row: PersonaRow; all: Personas }) {
  const { t } = useTranslation("personas")
  const f = useFormats()
  const { name, need } = usePersonaWords()
  return (
    <section className="sheet pad persona" aria-labelledby="persona">
      <h2 id="persona">{name(row)}</h2>
      <p className="lead">{t("need", { need: need(row) })}</p>
      <dl className="sums">
        <Sum term={t("size")} value={f.whole(row.customers)} beside={t("touched", { count: row.touched })} />
        <Sum term={t("value")} value={f.percent(row.value_share)} beside={f.money(row.spend_minor, { compact: true })} />
        <Sum term={t("rhythm")} value={f.decimal(row.baskets_a_month)} beside={t("rhythmOf", { size: f.decimal(row.lines_a_basket) })} />
        <div>
          <dt>{t("trend")}</dt>
          <dd>
            {row.trend.length > 1 ? <Spark values={row.trend.map((day) => day.customers)} /> : <span className="soft">{t("trendLater")}</span>}
          </dd>
        </div>
      </dl>
      <div className="two">
        <div>
          <h3>
            <Term of="personaLift" n={row.customers} asOf={all.as_of}>
              {t("what")}
            </Term>
          </h3>
          <Categories row={row} />
          <Voices row={row} />
        </div>
        <div>
          <h3>{t("when")}</h3>
          <Slots row={row} />
          <Said row={row} />
        </div>
      </div>
      <div className="row between">
        <h3>
          {t("members")}{" "}
          <Link className="small" to={`/customers?persona=${row.persona_id}`}>
            {t("inList")}
          </Link>
        </h3>
        <TableTools
          name={`persona-${row.persona_id}`}
          file={files.personaMembers(row.persona_id)}
          call={{ path: `/v1/personas/${row.persona_id}/members`, query: {} }}
        />
      </div>
      <Members id={row.persona_id} />
    </section>
  )
}

function Sum({ term, value, beside }: { term: string; value: string; beside: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>
        <span className="big num">{value}</span> <span className="soft num small">{beside}</span>
      </dd>
    </div>
  )
}

function Categories({ row }: { row: PersonaRow }) {
  const { t } = useTranslation("personas")
  const f = useFormats()
  const { category } = usePersonaWords()
  return (
    <table className="plaintable">
      <thead>
        <tr>
          <th scope="col">{t("category")}</th>
          <th scope="col" className="r">{t("inBaskets")}</th>
          <th scope="col" className="r">{t("shop")}</th>
          <th scope="col" className="r">{t("times")}</th>
        </tr>
      </thead>
      <tbody>
        {row.categories.map((one) => (
          <tr key={one.name}>
            <th scope="row" title={one.name}>{category(one.name)}</th>
            <td className="r num">{f.percent(one.share)}</td>
            <td className="r num soft">{f.percent(one.shop)}</td>
            <td className="r num">{t("lift", { lift: f.decimal(one.share / (one.shop || 1)) })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Slots({ row }: { row: PersonaRow }) {
  const { t } = useTranslation("personas")
  const f = useFormats()
  const share = new Map(row.slots.map((one) => [one.name, one]))
  const parts = slots.slice(0, slots.length / days.length)
  return (
    <table className="plaintable slotmap">
      <thead>
        <tr>
          <th scope="col">{t("time")}</th>
          {days.map((day) => (
            <th key={day} scope="col" className="r">{t(`days.${day}`)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {parts.map((part, place) => (
          <tr key={part}>
            <th scope="row">{t(`parts.${place}` as "parts.0")}</th>
            {days.map((day, side) => {
              const one = share.get(slots[side * parts.length + place] ?? "")
              const lift = one && one.shop > 0 ? one.share / one.shop : 0
              return (
                <td key={day} className="r num">
                  <i style={{ opacity: Math.max(0, Math.min(0.4, (lift - 1) * 0.4)) }} aria-hidden />
                  <span>{f.percent(one?.share ?? 0)}</span> <small>{t("lift", { lift: f.decimal(lift) })}</small>
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What members write of the occasion or the need, beside everybody who writes. */
function Voices({ row }: { row: PersonaRow }) {
  const { t } = useTranslation("personas")
  const f = useFormats()
  const { name } = usePersonaWords()
  if (row.voices.length === 0) return null
  return (
    <>
      <h3>{t("voices")}</h3>
      <ul className="plainlist voices">
        {row.voices.map((one) => (
          <li key={one.cue}>
            <span className="num">{t("voice", { said: f.whole(one.said), count: one.wrote, what: name(one) })}</span>
            <span className="soft num">{t("voiceShop", { shop: f.percent(one.shop) })}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

/** What sources say of the members: it stands beside the scene, and never went in. */
function Said({ row }: { row: PersonaRow }) {
  const { t } = useTranslation("personas")
  const f = useFormats()
  const found = useQuery(ask.persona(row.persona_id))
  const described = Object.entries(found.data?.described ?? {})
  if (described.length === 0) return null
  const top = described.map(([key, values]) => {
    const members = values.reduce((sum, one) => sum + one.members, 0)
    const everybody = values.reduce((sum, one) => sum + one.everybody, 0)
    const best = [...values].sort((one, other) => other.members - one.members)[0]
    return { key, best, members, everybody }
  })
  return (
    <details className="said">
      <summary>{t("said")}</summary>
      <p className="soft small">{t("saidLead")}</p>
      <ul className="plainlist">
        {top.map(
          ({ key, best, members, everybody }) =>
            best &&
            members > 0 && (
              <li key={key}>
                <strong>{key.replaceAll("_", " ")}</strong>
                <span className="num">
                  {t("saidOf", { value: best.value, share: f.percent(best.members / members), count: members, shop: f.percent(best.everybody / everybody) })}
                </span>
              </li>
            ),
        )}
      </ul>
    </details>
  )
}

function Members({ id }: { id: string }) {
  const { t } = useTranslation("personas")
  const f = useFormats()
  const found = useInfiniteQuery(ask.personaMembers(id))
  if (found.error) return <Trouble error={found.error} onRetry={() => void found.refetch()} />
  if (!found.data) return <Bones rows={4} height={30} />
  const rows = found.data.pages.flatMap((page) => page.rows)
  return (
    <>
      <table className="plaintable members">
        <thead>
          <tr>
            <th scope="col">{t("customer")}</th>
            <th scope="col" className="r">{t("weight")}</th>
            <th scope="col" className="r">{t("baskets")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.customer_id}>
              <th scope="row" className="num">
                <Link to={`/customers/${encodeURIComponent(row.customer_id)}`}>{row.customer_id}</Link>
              </th>
              <td className="r num">{f.percent(row.weight)}</td>
              <td className="r num">{f.whole(row.baskets)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {found.hasNextPage && (
        <Button onClick={() => void found.fetchNextPage()} loading={found.isFetchingNextPage}>
          {t("more")}
        </Button>
      )}
    </>
  )
}
