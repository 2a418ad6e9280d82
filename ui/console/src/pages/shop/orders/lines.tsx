import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import type { Line, Order } from "./asks"

/** The lines as they were bought, and how they come to the total. */
export function Lines({ order }: { order: Order }) {
  const { t, i18n } = useTranslation("orders")
  const zh = i18n.language === "zh"
  const f = useFormats()
  const amounts = order.lines.flatMap((line) => [line.unit_minor, line.total_minor, line.list_unit_minor])
  const column = f.column([...amounts, order.total_minor])
  const exact = (minor: number) => column.money(minor, { exact: true })
  const cuts = order.lines.flatMap((line) => line.cuts)
  const borne = (part: "platform_minor" | "seller_minor" | "creator_minor") => exact(cuts.reduce((sum, cut) => sum + cut[part], 0))
  return (
    <section className="sheet pad">
      <h2>{t("lines.title")}</h2>
      <div className="scroll">
        <table className="plaintable orderlines">
          <thead>
            <tr>
              <th scope="col">{t("lines.product")}</th>
              <th scope="col" className="r">
                {t("lines.unit")}
              </th>
              <th scope="col" className="r">
                {t("lines.quantity")}
              </th>
              <th scope="col" className="r nophone">
                {t("lines.discount")}
              </th>
              <th scope="col" className="r">
                {t("lines.sum")}
              </th>
            </tr>
          </thead>
          <tbody>
            {order.lines.map((line) => (
              <tr key={line.line_no}>
                <td>
                  <Product line={line} />
                </td>
                <td className="r num">
                  {exact(line.unit_minor)}
                  {line.list_unit_minor > line.unit_minor && <span className="block soft small">{t("lines.listed", { price: exact(line.list_unit_minor) })}</span>}
                </td>
                <td className="r num">
                  {f.whole(line.quantity)}
                  <Became line={line} />
                </td>
                <td className="r num nophone">
                  {line.discount_minor ? exact(-line.discount_minor) : ""}
                  {line.cuts.map((cut, place) => (
                    <span key={place} className="block soft small">
                      {zh ? cut.name.zh : cut.name.en}
                    </span>
                  ))}
                </td>
                <td className="r num">{exact(line.total_minor)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Totals order={order} />
      {cuts.length > 0 && (
        <p className="soft small num ordertotals">{t("bearers", { platform: borne("platform_minor"), seller: borne("seller_minor"), creator: borne("creator_minor") })}</p>
      )}
    </section>
  )
}

function Product({ line }: { line: Line }) {
  const { t, i18n } = useTranslation("orders")
  const f = useFormats()
  const zh = i18n.language === "zh"
  const options = line.options.map((one) => (zh ? one.zh : one.en)).join(" ")
  const supply = line.supply === "stock" ? "" : line.ships_on ? t(`lines.${line.supply}On`, { day: f.day(line.ships_on) }) : t(`lines.${line.supply}`)
  return (
    <>
      {zh ? line.title.zh : line.title.en}
      {options && <span className="soft"> {options}</span>}
      <span className="block soft small num">{[line.sku, supply].filter(Boolean).join(" · ")}</span>
    </>
  )
}

/** What became of a line's units, where it is not the same for all of them. */
function Became({ line }: { line: Line }) {
  const { t } = useTranslation("orders")
  const f = useFormats()
  const told = [line.shipped && t("lines.shipped", { units: f.whole(line.shipped) }), line.returned && t("lines.returned", { units: f.whole(line.returned) })]
  return <span className="block soft small">{told.filter(Boolean).join(" · ")}</span>
}

function Totals({ order }: { order: Order }) {
  const { t } = useTranslation("orders")
  const f = useFormats()
  const exact = (minor: number) => f.money(minor, { exact: true })
  const { money } = order
  const rows: [string, number, string?][] = [
    [t("totals.subtotal"), order.subtotal_minor],
    ...(order.discount_minor ? [[t("totals.discount"), -order.discount_minor] as [string, number]] : []),
    [t("totals.delivery"), order.delivery_minor],
    ...(order.tax_inclusive || !order.tax_minor ? [] : [[t("totals.tax"), order.tax_minor] as [string, number]]),
    [t("totals.total"), order.total_minor, "whole"],
    ...(order.tax_inclusive && order.tax_minor ? [[t("totals.taxIn"), order.tax_minor, "soft"] as [string, number, string]] : []),
    ...(money.charged_minor ? [[t("totals.charged"), money.charged_minor, "first"] as [string, number, string]] : []),
    ...(money.refunding_minor ? [[t("totals.refunding"), -money.refunding_minor] as [string, number]] : []),
    ...(money.refunded_minor ? [[t("totals.refunded"), -money.refunded_minor] as [string, number]] : []),
    ...(money.refunding_minor || money.refunded_minor
      ? [[t("totals.kept"), money.charged_minor - money.refunding_minor - money.refunded_minor, "whole"] as [string, number, string]]
      : []),
  ]
  return (
    <dl className="ordertotals num">
      {rows.map(([name, minor, look]) => (
        <div key={name} className={look}>
          <dt>{name}</dt>
          <dd>{exact(minor)}</dd>
        </div>
      ))}
    </dl>
  )
}
