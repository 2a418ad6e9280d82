import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { Link, useParams } from "react-router"
import { atLeast } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { Bones } from "../../../parts/blank"
import { Trouble } from "../../../parts/trouble"
import "../../../styles/trade.css"
import { ConsentCard } from "../consent"
import { Acts } from "./acts"
import { Bought } from "./bought"
import { asks, type Address, type MemberDetail } from "./asks"
import { Coupons, Requests } from "./held"
import { TierCard } from "./tier"

/** One member: how the shop reaches them, their tier, address book, consents, and what operators may do. */
export default function MemberPage() {
  const { t } = useTranslation(["members", "common"])
  const { id = "" } = useParams()
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const found = useQuery(asks.member(id))
  if (found.error) return <Trouble error={found.error} onRetry={() => void found.refetch()} />
  const detail = found.data
  return (
    <div className="page">
      <div className="crumb">
        <Link to="/customers/members">{t("title")}</Link>
      </div>
      {detail ? (
        <>
          <Head detail={detail} />
          <Acts member={detail.member} me={me ?? undefined} />
          <Bought id={detail.member.member_id} />
          <div className="two cards">
            <TierCard detail={detail} may={atLeast(me?.role, "operator")} />
            <ConsentCard id={detail.member.member_id} />
            <Addresses rows={detail.addresses} />
            <Coupons id={detail.member.member_id} me={me ?? undefined} />
            <Requests id={detail.member.member_id} />
          </div>
        </>
      ) : (
        <Bones rows={8} height={34} />
      )}
    </div>
  )
}

function Head({ detail: { member } }: { detail: MemberDetail }) {
  const { t } = useTranslation(["members", "common"])
  const f = useFormats()
  return (
    <div className="head">
      <div>
        <h1>
          {member.name || t("nameless")} {member.closed_at && <span className="state cancelled">{t("closedSince", { day: f.day(member.closed_at) })}</span>}
        </h1>
        <p className="lead num">{[member.email, member.phone].filter(Boolean).join(" · ")}</p>
        <p className="soft small num">
          {t("since", { day: f.day(member.created_at), last: f.moment(member.entered_at) })} · {member.member_id}
        </p>
      </div>
      <p className="headlinks">
        <Link to={`/customers/${encodeURIComponent(member.member_id)}`}>{t("known")}</Link>
      </p>
    </div>
  )
}

function Addresses({ rows }: { rows: Address[] }) {
  const { t } = useTranslation("members")
  return (
    <section className="sheet pad">
      <h2>{t("book")}</h2>
      {rows.length === 0 && <p className="soft">{t("bookEmpty")}</p>}
      <ul className="book">
        {rows.map((row) => (
          <li key={row.address_id}>
            <b>{row.recipient}</b> <span className="num">{row.phone}</span> {row.standard && <span className="basis policy">{t("standard")}</span>}
            <br />
            <span className="soft">{[row.country, row.region, row.city, row.district, row.line, row.postcode].filter(Boolean).join(" ")}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
