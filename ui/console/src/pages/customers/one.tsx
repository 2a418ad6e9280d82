import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { Link, useParams } from "react-router"
import type { Customer360 } from "../../lib/shapes"
import { daysBetween } from "../../lib/format"
import { useFormats } from "../../lib/i18n"
import { useReasons, useShopNames } from "../../lib/names"
import { ask, files } from "../../lib/queries"
import { Bones } from "../../parts/blank"
import { Figure, Term } from "../../parts/explain"
import { Table, type Column } from "../../parts/table"
import { TableTools } from "../../parts/tabletools"
import { Trouble } from "../../parts/trouble"
import { IntervalBar, Meter, Spark } from "../../parts/viz"
import { DecisionDrawer } from "../decisions/drawer"
import { useUrl } from "../../lib/url"
import { ConsentCard } from "./consent"
import { CustomerDecisions } from "./decisions"
import { Habits } from "./habits"
import { IdentityCard } from "./identity"
import { StandingCard } from "./lifecycle/standing"
import { BelongingCard } from "./personas/belonging"
import { Recommended } from "./recommended"
import { Timeline } from "./timeline"

export default function CustomerPage() {
  const { t } = useTranslation(["customers", "common"])
  const { id = "" } = useParams()
  const [url, setUrl] = useUrl({ decision: "" })
  const found = useQuery(ask.customer(id))
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/customers">{t("title")}</Link>
      </p>
      <div className="head">
        <div>
          <h1 className="num">{t("one", { id })}</h1>
          {found.data && <Since data={found.data} />}
        </div>
        {found.data && <Spark values={found.data.row.months} bars width={180} height={40} />}
      </div>
      {found.error ? (
        <Trouble error={found.error} onRetry={() => void found.refetch()} />
      ) : found.data ? (
        <Body id={id} data={found.data} onDecision={(decision) => setUrl({ decision })} />
      ) : (
        <section className="sheet">
          <Bones rows={10} height={44} />
        </section>
      )}
      <DecisionDrawer id={url.decision} onClose={() => setUrl({ decision: "" })} />
    </div>
  )
}

function Since({ data }: { data: Customer360 }) {
  const { t } = useTranslation("customers")
  const f = useFormats()
  const { row, as_of } = data
  return (
    <p className="lead num">
      {t("since", {
        first: f.day(row.first_on),
        orders: f.whole(row.orders),
        spend: f.money(row.spend_minor),
        ago: t("daysAgo", { count: daysBetween(row.last_on, as_of) }),
      })}
    </p>
  )
}

function Body({ id, data, onDecision }: { id: string; data: Customer360; onDecision(id: string): void }) {
  return (
    <>
      <Worth data={data} />
      <div className="two">
        <div className="stack">
          <Next data={data} />
          <Recommended id={data.row.customer_id} />
          <CustomerDecisions customer={data.row.customer_id} rows={data.decisions} onOpen={onDecision} />
          <Timeline id={data.row.customer_id} />
        </div>
        <div className="stack">
          <StandingCard id={data.row.customer_id} />
          <BelongingCard id={data.row.customer_id} />
          <IdentityCard id={id} />
          <ConsentCard id={data.row.customer_id} />
          <Habits data={data} />
          <Attributes data={data} />
        </div>
      </div>
    </>
  )
}

/** What this customer is worth, how sure that is, and what it means in a sentence. */
function Worth({ data }: { data: Customer360 }) {
  const { t } = useTranslation(["customers", "common"])
  const f = useFormats()
  const { row } = data
  const value = row.value_minor
  return (
    <section className="sheet pad worth" aria-label={t("value")}>
      <dl className="sums">
        <div>
          <dt>
            <Term of="value" n={row.orders} asOf={data.as_of}>
              {data.horizon_days === null ? t("value") : t("valueIn", { count: data.horizon_days })}
            </Term>
          </dt>
          <dd>
            <span className="big gain num">{value ? f.money(value.mid) : t("common:unknown")}</span>{" "}
            {value && <span className="range num">{t("common:range", f.moneyRange(value))}</span>}
          </dd>
        </div>
        <div>
          <dt>
            <Term of="alive">{t("alive")}</Term>
          </dt>
          <dd>
            {row.p_alive === null ? (
              t("common:unknown")
            ) : (
              <>
                <Meter value={row.p_alive} />
                <span className="big num">{f.percent(row.p_alive)}</span>
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>
            <Term of="expectedOrders">{t("expected")}</Term>
          </dt>
          <dd>
            <span className="big num">{data.expected_orders ? f.decimal(data.expected_orders.mid) : t("common:unknown")}</span>{" "}
            {data.expected_orders && (
              <span className="range num">
                {t("common:range", { low: f.decimal(data.expected_orders.low), high: f.decimal(data.expected_orders.high) })}
              </span>
            )}
          </dd>
        </div>
        <div>
          <dt>
            <Term of="rhythm">{t("rhythm")}</Term>
          </dt>
          <dd>
            <span className="big num">{row.rhythm_days === null ? t("common:unknown") : Math.round(row.rhythm_days) <= 1 ? t("everyDay") : t("everyDays", { count: Math.round(row.rhythm_days) })}</span>
          </dd>
        </div>
      </dl>
      {value && (
        <div className="worthbar">
          <IntervalBar range={value} scale={{ min: 0, max: value.high * 1.15 || 1 }} />
          <p className="soft small">
            {t("means", {
              low: f.money(value.low),
              high: f.money(value.high),
              days: f.whole(data.horizon_days ?? 0),
              method: data.method ?? "",
            })}
          </p>
        </div>
      )}
    </section>
  )
}

type NextRow = Customer360["next_purchases"][number]

function Next({ data }: { data: Customer360 }) {
  const { t } = useTranslation(["customers", "common"])
  const f = useFormats()
  const names = useShopNames()
  const reason = useReasons()
  const columns: Column<NextRow>[] = [
    {
      key: "title",
      title: t("product"),
      wrap: true,
      show: (row) => (
        <>
          <Link to={`/supply/${encodeURIComponent(row.product_id)}`}>{row.title}</Link>
          {row.category && (
            <div className="soft" title={row.category}>
              {names.text(row.category)}
            </div>
          )}
        </>
      ),
    },
    {
      key: "probability",
      title: t("probability"),
      explain: "probability",
      right: true,
      show: (row) => (
        <Figure of="probability" n={row.orders} asOf={data.as_of}>
          <Meter value={row.probability} />
          <span className="pct">{f.percent(row.probability)}</span>
        </Figure>
      ),
    },
    { key: "due", title: t("due"), right: true, show: (row) => (row.due_on ? f.day(row.due_on, "short") : t("common:dash")) },
    { key: "why", title: t("why"), wrap: true, wide: true, show: (row) => <span className="soft">{reason(row.why)}</span> },
  ]
  return (
    <section className="sheet" aria-labelledby="next">
      <div className="thead">
        <h2 id="next">{t("next")}</h2>
        <p className="soft small">{t("nextLead")}</p>
        <TableTools
          name="next-purchases"
          file={files.nextPurchases(data.row.customer_id)}
          call={{ path: `/v1/customers/${encodeURIComponent(data.row.customer_id)}`, query: {} }}
        />
      </div>
      <Table
        label={t("next")}
        columns={columns}
        rows={data.next_purchases}
        rowKey={(row) => row.product_id}
        fold={10}
        empty={<p className="soft pad">{t("nextNone")}</p>}
      />
    </section>
  )
}

const known = ["city", "region", "age", "income", "home_ownership", "marital_status", "household_size", "household_comp", "kids_count"] as const

function Attributes({ data }: { data: Customer360 }) {
  const { t } = useTranslation("customers")
  const rows = Object.entries(data.attributes).filter(([, value]) => value !== null && value !== "")
  const name = (key: string) => {
    const one = known.find((word) => word === key)
    return one ? t(`attribute.${one}`) : key
  }
  return (
    <section className="sheet pad" aria-labelledby="attributes">
      <h2 id="attributes">{t("attributes")}</h2>
      {rows.length ? (
        <dl className="facts">
          {rows.map(([key, value]) => (
            <div key={key} className="contents">
              <dt>{name(key)}</dt>
              <dd>{String(value)}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p className="lead">{t("attributesNone")}</p>
      )}
    </section>
  )
}
