import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import { Table, type Column } from "../../../parts/table"
import type { Both, Quoted } from "./asks"
import { Steps } from "./steps"
import { useBoth } from "./words"

type Line = Quoted["lines"][number]

/** A quote: what there is to pay, how it came to that step by step, and line by line. */
export function Told({ title, quote, names }: { title?: string; quote: Quoted; names: Record<string, Both> }) {
  const { t } = useTranslation(["pricing", "common"])
  const f = useFormats()
  const money = (minor: number) => f.money(minor, { exact: true })
  const off = (minor: number) => (minor ? money(-minor) : t("common:dash"))
  const columns: Column<Line>[] = [
    { key: "sku", title: t("sim.sku"), wrap: true, show: (line) => <Named sku={line.sku} name={names[line.sku]} /> },
    { key: "quantity", title: t("sim.quantity"), right: true, show: (line) => f.whole(line.quantity) },
    {
      key: "unit",
      title: t("sim.unit"),
      right: true,
      show: (line) => (
        <>
          {line.list_unit_minor > line.unit_minor && <s className="soft">{money(line.list_unit_minor)}</s>} {money(line.unit_minor)}
        </>
      ),
    },
    { key: "discount", title: t("sim.discount"), right: true, wide: true, show: (line) => off(line.discount_minor) },
    { key: "tax", title: t(quote.tax_inclusive ? "sim.taxIn" : "sim.taxOn"), right: true, wide: true, show: (line) => money(line.tax_minor) },
    { key: "total", title: t("sim.total"), right: true, show: (line) => money(line.total_minor) },
  ]
  return (
    <>
      <Steps title={title} quote={quote} />
      <section className="sheet">
        <Table label={t("sim.lines")} columns={columns} rows={quote.lines} rowKey={(line) => String(line.line_no)} fold={12} empty={null} />
      </section>
    </>
  )
}

function Named({ sku, name }: { sku: string; name: Both | undefined }) {
  const both = useBoth()
  return name ? (
    <>
      {both(name)} <span className="soft small num">{sku}</span>
    </>
  ) : (
    <span className="num">{sku}</span>
  )
}
