import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { useFormats } from "../../../lib/i18n"
import type { Economics } from "../../../lib/shapes"
import { Term } from "../../../parts/explain"
import { Table, type Column } from "../../../parts/table"
import { usePlaceName } from "../lifecycle/words"
import { useChannelName } from "./words"

type Option = Economics["options"][number]
type Existing = Economics["existing"][number]

/** One more customer acquired beside one more kept: what each is worth, what each costs, and how that is known. */
export function OptionsCard({ data }: { data: Economics }) {
  const { t } = useTranslation(["economics", "common"])
  const f = useFormats()
  const channel = useChannelName()
  const columns: Column<Option>[] = [
    { key: "what", title: t("way"), wrap: true, show: (row) => (row.key === "acquire" ? t("acquire", { channel: channel(row.channel ?? "") }) : t("retain")) },
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
    { key: "per", title: t("perUnit"), right: true, show: (row) => (row.per_unit === null ? t("common:dash") : f.decimal(row.per_unit, 2)) },
  ]
  return (
    <section className="sheet" aria-labelledby="next">
      <div className="thead">
        <h2 id="next">{t("next")}</h2>
        <p className="soft small">{t("nextLead")}</p>
      </div>
      <Table label={t("next")} columns={columns} rows={data.options} rowKey={(row) => `${row.key}-${row.channel}`} fold={8} asOf={data.as_of} empty={<p className="soft pad">{t("nextNone")}</p>} />
    </section>
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
