import { useTranslation } from "react-i18next"
import type { CustomerDecision } from "../../lib/shapes"
import { useFormats } from "../../lib/i18n"
import { useTitles } from "../../lib/names"
import { files } from "../../lib/queries"
import { Figure } from "../../parts/explain"
import { Table, type Column } from "../../parts/table"
import { TableTools } from "../../parts/tabletools"
import { BasisTag, StateTag } from "../../parts/tags"

type Props = { customer: string; rows: CustomerDecision[]; onOpen(id: string): void }

/** What was proposed for this customer, and what came of it. */
export function CustomerDecisions({ customer, rows, onOpen }: Props) {
  const { t } = useTranslation(["customers", "common"])
  const f = useFormats()
  const { playName } = useTitles()
  const gains = f.column(rows.map((row) => row.gain_minor))
  const columns: Column<CustomerDecision>[] = [
    {
      key: "title",
      title: t("decision"),
      wrap: true,
      show: (row) => (
        <button type="button" className="linklike" onClick={() => onOpen(row.id)}>
          {t("decided", { play: playName(row.play), title: row.title })}
        </button>
      ),
    },
    { key: "window", title: t("window"), right: true, wide: true, show: (row) => f.day(row.window_start, "short") },
    {
      key: "gain",
      title: t("gain"),
      explain: "gain",
      right: true,
      show: (row) =>
        row.gain_minor ? (
          <Figure of="gain" className={row.basis === "assumed" ? "gain maybe" : "gain"}>
            {gains.range(row.gain_minor).gain} <BasisTag basis={row.basis} />
          </Figure>
        ) : (
          t("common:unknown")
        ),
    },
    { key: "state", title: t("stateOf"), show: (row) => <StateTag state={row.state} /> },
    {
      key: "outcome",
      title: t("outcome"),
      wide: true,
      show: (row) => (row.settlement ? t(row.settlement.forecast_observed ? "bought" : "notBought") : t("common:dash")),
    },
  ]
  return (
    <section className="sheet" aria-labelledby="decisions">
      <div className="thead">
        <h2 id="decisions">{t("decisions")}</h2>
        <TableTools name="decisions" file={files.decisions({ customer })} />
      </div>
      <Table
        label={t("decisions")}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        fold={8}
        onOpen={(row) => onOpen(row.id)}
        empty={<p className="soft pad">{t("decisionsNone")}</p>}
      />
    </section>
  )
}
