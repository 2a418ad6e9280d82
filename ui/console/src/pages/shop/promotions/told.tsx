import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import { Table, type Column } from "../../../parts/table"
import type { Both, Quoted } from "./asks"
import { useBoth } from "./words"

type Line = Quoted["lines"][number]

/** A quote: its lines, its totals, every promotion's reason, and who bears the discounts. */
export function Told({ quote, names }: { quote: Quoted; names: Record<string, Both> }) {
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
  const sums: [string, string, boolean?][] = [
    [t("sim.goods"), money(quote.subtotal_minor)],
    [t("sim.discounts"), off(quote.discount_minor - quote.delivery_discount_minor)],
    [t("sim.delivery"), money(quote.delivery_minor)],
    ...(quote.delivery_discount_minor ? ([[t("sim.deliveryOff"), off(quote.delivery_discount_minor)]] as [string, string][]) : []),
    ...(quote.tax_inclusive ? [] : ([[t("sim.taxOn"), money(quote.tax_minor)]] as [string, string][])),
    [t("sim.pays"), money(quote.total_minor), true],
    ...(quote.tax_inclusive ? ([[t("sim.taxWithin"), money(quote.tax_minor)]] as [string, string][]) : []),
  ]
  return (
    <>
      <section className="sheet">
        <Table label={t("sim.lines")} columns={columns} rows={quote.lines} rowKey={(line) => String(line.line_no)} empty={null} />
        <dl className="sums">
          {sums.map(([name, value, strong]) => (
            <div key={name} className={strong ? "pays" : ""}>
              <dt>{name}</dt>
              <dd className="num">{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      <Why quote={quote} />
      <Borne quote={quote} />
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

function Why({ quote }: { quote: Quoted }) {
  const { t } = useTranslation(["pricing", "common"])
  const f = useFormats()
  const both = useBoth()
  if (!quote.steps.length && !quote.refused_codes.length) {
    return (
      <section className="sheet pad">
        <h2>{t("sim.why")}</h2>
        <p className="soft">{t("sim.nothingRuns")}</p>
      </section>
    )
  }
  return (
    <section className="sheet pad">
      <h2>{t("sim.why")}</h2>
      <ul className="whys">
        {quote.steps.map((step) => (
          <li key={step.id} className={step.applied ? "applied" : ""}>
            <span className="mark" aria-hidden />
            <span>
              <strong>{both(step.name)}</strong> {step.code && <code>{step.code}</code>}
              <span className="reason">{both(step.why)}</span>
            </span>
            <span className="num">{step.applied ? f.money(-step.amount_minor, { exact: true }) : t("common:dash")}</span>
          </li>
        ))}
        {quote.refused_codes.map((one) => (
          <li key={one.code}>
            <span className="mark" aria-hidden />
            <span>
              <code>{one.code}</code>
              <span className="reason">{both(one.why)}</span>
            </span>
            <span>{t("common:dash")}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Borne({ quote }: { quote: Quoted }) {
  const { t } = useTranslation("pricing")
  const f = useFormats()
  const cuts = [...quote.delivery_cuts, ...quote.lines.flatMap((line) => line.cuts)]
  if (!cuts.length) return null
  const bearers = (["platform", "seller", "creator"] as const).map((who) => ({ who, minor: cuts.reduce((sum, cut) => sum + cut[`${who}_minor`], 0) }))
  return (
    <section className="sheet pad">
      <h2>{t("form.bearers")}</h2>
      <dl className="sums borne">
        {bearers
          .filter(({ minor }) => minor)
          .map(({ who, minor }) => (
            <div key={who}>
              <dt>{t(`bearer.${who}`)}</dt>
              <dd className="num">{f.money(minor, { exact: true })}</dd>
            </div>
          ))}
      </dl>
    </section>
  )
}
