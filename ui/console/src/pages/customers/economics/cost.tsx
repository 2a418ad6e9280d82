import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import type { Economics } from "../../../lib/shapes"
import { Table, type Column } from "../../../parts/table"
import { Term } from "../../../parts/explain"
import { Late } from "./late"
import { useChannelName } from "./words"

type Row = Economics["acquisition"][number]
const loadChart = () => import("../../../charts/cost")

/** What a new customer cost, by channel and month; spend without customers and customers without spend both stand there. */
export function CostCard({ data }: { data: Economics }) {
  const { t } = useTranslation(["economics", "common"])
  const f = useFormats()
  const channel = useChannelName()
  const money = f.column(data.acquisition.map((row) => row.cost_minor))
  const spend = f.column(data.acquisition.map((row) => row.spend_minor))
  const known = data.acquisition.filter((row) => row.kind === "known")
  const columns: Column<Row>[] = [
    {
      key: "month",
      title: t("month"),
      show: (row) => (
        <>
          {f.month(row.month)}
          {row.maybe_older && <small className="soft block">{t("maybeOlder")}</small>}
        </>
      ),
    },
    { key: "channel", title: t("channel"), wrap: true, show: (row) => channel(row.channel) },
    { key: "spend", title: t("spend"), right: true, show: (row) => (row.kind === "no_spend" ? <span className="soft">{t("noSpendRow")}</span> : spend.money(row.spend_minor)) },
    { key: "customers", title: t("newCustomers"), right: true, show: (row) => (row.customers ? f.whole(row.customers) : <span className="soft">{t("nobody")}</span>) },
    { key: "reported", title: t("reported"), right: true, wide: true, show: (row) => (row.reported === null ? t("common:dash") : f.whole(row.reported)) },
    { key: "cost", title: t("cost"), explain: "acquisition", right: true, show: (row) => (row.cost_minor === null ? t("common:dash") : money.money(row.cost_minor)) },
  ]
  return (
    <section className="sheet" aria-labelledby="cost">
      <div className="thead">
        <h2 id="cost">
          <Term of="acquisition" asOf={data.as_of}>
            {t("costTitle")}
          </Term>
        </h2>
        <p className="soft small">{t("costLead")}</p>
      </div>
      {known.length > 1 && (
        <div className="pad">
          <Late load={loadChart} rows={known} />
        </div>
      )}
      <Table label={t("costTitle")} columns={columns} rows={[...data.acquisition].reverse()} rowKey={(row) => `${row.month}-${row.channel}`} fold={8} asOf={data.as_of} empty={<p className="soft pad">{t("costNone")}</p>} />
    </section>
  )
}
