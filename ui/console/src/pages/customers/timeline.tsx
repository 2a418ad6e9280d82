import { useInfiniteQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import type { TimelineRow } from "../../lib/shapes"
import { useFormats } from "../../lib/i18n"
import { ask } from "../../lib/queries"
import { Bones } from "../../parts/blank"
import { Foot, rowsOf } from "../../parts/table"
import { Trouble } from "../../parts/trouble"

/** Everything that happened with this customer, newest first; a basket opens to its goods. */
export function Timeline({ id }: { id: string }) {
  const { t } = useTranslation("customers")
  const list = useInfiniteQuery(ask.timeline(id))
  const rows = rowsOf(list)
  return (
    <section className="sheet" aria-labelledby="timeline">
      <div className="thead">
        <h2 id="timeline">{t("timeline")}</h2>
        <p className="soft small">{t("timelineLead")}</p>
      </div>
      {list.error ? <Trouble error={list.error} onRetry={() => void list.refetch()} /> : null}
      {!rows ? (
        <Bones rows={6} height={40} />
      ) : (
        <ol className="timeline">
          {rows.map((row, index) => (
            <Entry key={`${row.kind}-${row.order_id ?? row.title ?? ""}-${index}`} row={row} />
          ))}
        </ol>
      )}
      <Foot list={list} />
    </section>
  )
}

function Entry({ row }: { row: TimelineRow }) {
  const { t } = useTranslation(["customers", "common"])
  const f = useFormats()
  const [open, setOpen] = useState(false)
  const items = row.items ?? []
  const when = row.kind === "order" ? f.localTime(row.local_at) : f.day(row.local_at)
  const what =
    row.kind === "order"
      ? t("order", { count: row.lines ?? items.length, store: row.store_id ?? "" })
      : t(row.kind === "touch" ? "touch" : "redemption", { title: row.title ?? "" })
  return (
    <li className={row.kind}>
      <div className="entry">
        <time className="num soft" dateTime={row.at ?? row.local_at}>
          {when}
        </time>
        {items.length ? (
          <button type="button" className="basket" aria-expanded={open} onClick={() => setOpen(!open)}>
            <span aria-hidden>{open ? "\u25be" : "\u25b8"}</span> {what}
          </button>
        ) : (
          <span>{what}</span>
        )}
        {row.total_minor !== null && row.total_minor !== undefined && <span className="num r">{f.money(row.total_minor, { exact: true })}</span>}
      </div>
      {open && (
        <table className="plaintable items">
          <tbody>
            {items.map((item, index) => (
              <tr key={`${item.product_id}-${index}`}>
                <th scope="row">
                  <Link to={`/supply/${encodeURIComponent(item.product_id)}`}>{item.title}</Link>
                </th>
                <td className="r num">{t("times", { quantity: f.quantity(item.quantity) })}</td>
                <td className="r num">{f.money(item.total_minor, { exact: true })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </li>
  )
}
