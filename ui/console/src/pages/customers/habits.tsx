import { useTranslation } from "react-i18next"
import type { Customer360 } from "../../lib/shapes"
import { useFormats } from "../../lib/i18n"
import { useShopNames } from "../../lib/names"

/** Where the money goes, and at which hours and on which days, in the shop's own time. */
export function Habits({ data }: { data: Customer360 }) {
  const { t } = useTranslation("customers")
  return (
    <section className="sheet pad" aria-labelledby="habits">
      <h2 id="habits">{t("departments")}</h2>
      <Departments data={data} />
      <h2 className="gap">{t("when")}</h2>
      <p className="soft small">{t("whenLead")}</p>
      <Hours hours={data.hours} />
      <Weekdays days={data.weekdays} />
    </section>
  )
}

function Departments({ data }: { data: Customer360 }) {
  const f = useFormats()
  const names = useShopNames()
  const most = Math.max(0.01, ...data.departments.map((row) => row.share))
  const spend = f.column(data.departments.map((row) => row.spend_minor))
  return (
    <table className="plaintable">
      <tbody>
        {data.departments.slice(0, 8).map((row) => (
          <tr key={row.name}>
            <th scope="row" title={row.name}>
              {names.text(row.name)}
            </th>
            <td className="effect">
              <span className="hbar" aria-hidden>
                <i style={{ width: `${(row.share / most) * 100}%` }} />
              </span>
            </td>
            <td className="r num">{f.percent(row.share)}</td>
            <td className="r num soft">{spend.money(row.spend_minor)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Hours({ hours }: { hours: number[] }) {
  const { t } = useTranslation("customers")
  const f = useFormats()
  const most = Math.max(1, ...hours)
  const peak = hours.indexOf(Math.max(...hours))
  return (
    <figure className="hours">
      <div className="columns" role="img" aria-label={t("hoursAria", { hour: peak, count: hours[peak] ?? 0 })}>
        {hours.map((count, hour) => (
          <i
            key={hour}
            className={hour === peak ? "peak" : ""}
            style={{ height: `${Math.max(2, (count / most) * 100)}%` }}
            title={t("hour", { hour, orders: f.whole(count) })}
          />
        ))}
      </div>
      <figcaption className="num">
        {[0, 6, 12, 18, 23].map((hour) => (
          <span key={hour}>{hour}</span>
        ))}
      </figcaption>
    </figure>
  )
}

function Weekdays({ days }: { days: number[] }) {
  const f = useFormats()
  const most = Math.max(1, ...days)
  return (
    <table className="weekdays">
      <tbody>
        <tr>
          {days.map((count, day) => (
            <td key={day}>
              <span className="heat" style={{ opacity: 0.12 + 0.88 * (count / most) }} aria-hidden />
              <small>{f.weekday(day)}</small>
              <small className="num soft">{f.whole(count)}</small>
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  )
}
