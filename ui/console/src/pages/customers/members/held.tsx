import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { atLeast } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import type { Me } from "../../../lib/shapes"
import { rowsOf } from "../../../parts/table"
import { asks as privacyAsks } from "../../data/privacy/asks"
import { asks } from "./asks"

const couponLooks = { issued: "approved", locked: "waiting", redeemed: "executed", released: "proposed", expired: "cancelled" } as const

/** Coupons that are this member's alone. */
export function Coupons({ id, me }: { id: string; me: Me | undefined }) {
  const { t } = useTranslation(["members", "common"])
  const f = useFormats()
  const rows = rowsOf(useInfiniteQuery(asks.coupons(id)))
  return (
    <section className="sheet pad">
      <h2>{t("coupons.title")}</h2>
      {rows?.length === 0 && <p className="soft">{t("coupons.none")}</p>}
      <ul className="book">
        {rows?.map((row) => (
          <li key={row.id} className="spread">
            <Link to={`/shop/coupons?batch=${row.batch_id}`}>
              <code>{row.code}</code>
            </Link>
            <span>
              <span className={`state ${couponLooks[row.state]}`}>{t(`coupons.state.${row.state}`)}</span> {row.ends_at && <span className="soft small num">{t("coupons.until", { day: f.day(row.ends_at) })}</span>}
            </span>
          </li>
        ))}
      </ul>
      {atLeast(me?.role, "approver") && <Link to={`/shop/coupons?issue=new&member=${encodeURIComponent(id)}`}>{t("coupons.issue")}</Link>}
    </section>
  )
}

/** What this person asked about their data, and the two things they may ask. */
export function Requests({ id }: { id: string }) {
  const { t } = useTranslation(["members", "privacy"])
  const f = useFormats()
  const mine = (useQuery(privacyAsks.requests()).data ?? []).filter((row) => row.person_id === id)
  const to = (kind: string) => `/data/privacy?ask=new&kind=${kind}&person=${encodeURIComponent(id)}`
  return (
    <section className="sheet pad">
      <h2>{t("data.title")}</h2>
      {mine.length === 0 && <p className="soft">{t("data.none")}</p>}
      <ul className="book">
        {mine.map((row) => (
          <li key={row.id} className="spread">
            <Link to={`/data/privacy?request=${row.id}`}>{t(`privacy:kind.${row.kind}`)}</Link>
            <span>
              {t(`privacy:state.${row.state}`)} <span className="soft small num">{t("data.due", { day: f.day(row.due_on) })}</span>
            </span>
          </li>
        ))}
      </ul>
      <p className="row asklinks">
        <Link to={to("export")}>{t("data.export")}</Link>
        <Link to={to("erasure")}>{t("data.erase")}</Link>
      </p>
    </section>
  )
}
