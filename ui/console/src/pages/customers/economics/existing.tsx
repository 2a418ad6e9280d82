import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { useFormats } from "../../../lib/i18n"
import type { Economics } from "../../../lib/shapes"
import { Term } from "../../../parts/explain"
import { Table, type Column } from "../../../parts/table"
import { BasisTag } from "../../../parts/tags"
import { usePlaceName } from "../lifecycle/words"
import { useChannelName } from "./words"

type Option = Economics["options"][number]
type Existing = Economics["existing"][number]

/** One more customer won, by channel and measured; below, apart from it, what keeping one would bring if an assumption held. */
export function OptionsCard({ data }: { data: Economics }) {
  const { t } = useTranslation(["economics", "common"])
  const f = useFormats()
  const channel = useChannelName()
  const columns: Column<Option>[] = [
    { key: "what", title: t("way"), wrap: true, show: (row) => t("acquire", { channel: channel(row.channel ?? "") }) },
    { key: "customers", title: t("customers"), right: true, wide: true, show: (row) => f.whole(row.customers) },
    {
      key: "worth",
      title: t("worth"),
      explain: "oneMore",
      right: true,
      show: (row) => (
        <>
          {f.money(row.worth_minor)}
          <small className="soft block">
            {t("within", { count: row.within_days })}
            {", "}
            {t(`basis.${row.worth_basis}`)}
          </small>
        </>
      ),
    },
    {
      key: "cost",
      title: t("costOne"),
      right: true,
      show: (row) => (
        <>
          {row.cost_minor === null ? t("notKnown") : f.money(row.cost_minor)}
          {row.cost_minor !== null && <small className="soft block">{t(`basis.${row.cost_basis}`)}</small>}
        </>
      ),
    },
    {
      key: "per",
      title: t("perUnit"),
      right: true,
      show: (row) =>
        row.per_unit ? (
          <>
            {f.decimal(row.per_unit.mid, 2)} <span className="range fixed nophone">{t("common:range", { low: f.decimal(row.per_unit.low, 2), high: f.decimal(row.per_unit.high, 2) })}</span>
          </>
        ) : (
          t("common:dash")
        ),
    },
  ]
  const acquire = data.options.filter((row) => row.key === "acquire")
  const retain = data.options.find((row) => row.key === "retain")
  return (
    <section className="sheet" aria-labelledby="next">
      <div className="thead">
        <h2 id="next">{t("next")}</h2>
        <p className="soft small">{t("nextLead")}</p>
      </div>
      <Table label={t("next")} columns={columns} rows={acquire} rowKey={(row) => row.channel ?? ""} fold={8} asOf={data.as_of} empty={<p className="soft pad">{t("nextNone")}</p>} />
      {retain?.assumed && <Keeping row={retain} assumed={retain.assumed} />}
    </section>
  )
}

/** Keeping a customer at risk: what it would bring for an assumed response, for half and for twice of it. No measurement. */
function Keeping({ row, assumed }: { row: Option; assumed: NonNullable<Option["assumed"]> }) {
  const { t } = useTranslation("economics")
  const f = useFormats()
  const share = (value: number) => f.percent(value, value < 0.1 ? 1 : 0)
  const ends = (["low", "mid", "high"] as const).map((end) => ({
    end,
    response: assumed.response[end],
    cost: assumed.response[end] > 0 ? assumed.contact_cost_minor / assumed.response[end] : null,
    per: row.per_unit?.[end] ?? null,
  }))
  return (
    <div className="keeping pad">
      <h3>
        {t("retain")} <BasisTag basis="assumed" />
      </h3>
      <p>{t("keepingLead", { count: row.customers, worth: f.money(row.worth_minor), within: t("within", { count: row.within_days }), contact: f.money(assumed.contact_cost_minor, { exact: true }) })}</p>
      <table className="plaintable">
        <thead>
          <tr>
            <th scope="col">{t("ifStay")}</th>
            <th scope="col" className="r">
              {t("keptCost")}
            </th>
            <th scope="col" className="r">
              {t("keptBack")}
            </th>
          </tr>
        </thead>
        <tbody>
          {ends.map((one) => (
            <tr key={one.end}>
              <th scope="row">
                <span className="num">{share(one.response)}</span> <span className="soft">{t(`ifEnd.${one.end}`)}</span>
              </th>
              <td className="r num">{one.cost === null ? t("notKnown") : f.money(one.cost)}</td>
              <td className="r num">{one.per === null ? t("notKnown") : f.decimal(one.per, 1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="soft small">{t("keepingWhy")}</p>
      <p className="small factlink">
        <Link to="/settings?tab=assumptions">{t("keepingChange")}</Link>
      </p>
    </div>
  )
}

/** The margin expected of the customers the shop has, by stage and tier. */
export function ExistingCard({ data }: { data: Economics }) {
  const { t } = useTranslation(["economics", "common"])
  const f = useFormats()
  const place = usePlaceName()
  const total = data.existing.reduce((all, row) => all + row.margin_minor.mid, 0)
  const money = f.column(data.existing.map((row) => row.margin_minor))
  const columns: Column<Existing>[] = [
    { key: "place", title: t("place"), show: (row) => <Link to={`/customers?stage=${row.stage}&tier=${row.tier}`}>{place(`${row.stage}/${row.tier}`)}</Link> },
    { key: "customers", title: t("customers"), right: true, show: (row) => f.whole(row.customers) },
    {
      key: "margin",
      title: t("margin"),
      explain: "value",
      right: true,
      show: (row) => (
        <>
          {money.range(row.margin_minor).mid} <span className="range fixed nophone">{t("common:range", money.range(row.margin_minor))}</span>
        </>
      ),
    },
    { key: "each", title: t("each"), right: true, wide: true, show: (row) => f.money(row.margin_minor.mid / row.customers) },
    { key: "share", title: t("share"), right: true, wide: true, show: (row) => f.percent(total ? row.margin_minor.mid / total : 0, 1) },
  ]
  const rows = [...data.existing].sort((a, b) => b.margin_minor.mid - a.margin_minor.mid)
  return (
    <section className="sheet" aria-labelledby="existing">
      <div className="thead">
        <h2 id="existing">
          <Term of="value" asOf={data.as_of}>
            {t("existing", { value: f.money(total, { compact: true }) })}
          </Term>
        </h2>
        <p className="soft small">{t("existingLead")}</p>
      </div>
      <Table label={t("existing", { value: "" })} columns={columns} rows={rows} rowKey={(row) => `${row.stage}-${row.tier}`} fold={6} empty={<p className="soft pad">{t("existingNone")}</p>} />
    </section>
  )
}
