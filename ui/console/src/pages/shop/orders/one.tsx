import { useQuery } from "@tanstack/react-query"
import { Typography } from "antd"
import { useTranslation } from "react-i18next"
import { Link, useNavigate, useParams } from "react-router"
import { atLeast } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { Bones } from "../../../parts/blank"
import { Trouble } from "../../../parts/trouble"
import "../../../styles/trade.css"
import { Acts } from "./acts"
import { asks, type Order } from "./asks"
import { DraftActs } from "./draft"
import { Lines } from "./lines"
import { Notes } from "./notes"
import { Parcels } from "./parcels"
import { Timeline } from "./timeline"
import { FulfilmentTag, PaymentTag, StateTag } from "./words"

/** One order: what was bought, its money, its parcels, what happened, and what can be done now. */
export default function OrderPage() {
  const { t } = useTranslation("orders")
  const { id = "" } = useParams()
  const go = useNavigate()
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const found = useQuery(asks.order(id))
  if (found.error) return <Trouble error={found.error} onRetry={() => void found.refetch()} />
  const order = found.data
  return (
    <div className="page">
      <div className="crumb">
        <Link to="/shop/orders">{t("title")}</Link>
      </div>
      {order ? (
        <>
          <Head order={order} />
          {order.state === "draft" ? atLeast(me?.role, "operator") && <DraftActs order={order} onGone={() => void go("/shop/orders")} /> : <Acts order={order} role={me?.role} />}
          {order.states.can_pay && <PayPage order={order} />}
          <div className="orderlay">
            <div>
              <Lines order={order} />
              {order.events.length > 0 && <Timeline rows={order.events} />}
            </div>
            <aside>
              <Where order={order} />
              {order.state !== "draft" && <Parcels order={order} role={me?.role} />}
              {atLeast(me?.role, "operator") && <Notes order={order} />}
            </aside>
          </div>
        </>
      ) : (
        <Bones rows={10} height={34} />
      )}
    </div>
  )
}

function Head({ order }: { order: Order }) {
  const { t } = useTranslation("orders")
  const f = useFormats()
  const told = [
    t(order.state === "draft" ? "draft.writtenAt" : "placedAt", { at: f.moment(order.placed_at) }),
    order.paid_at && t("paidAt", { at: f.moment(order.paid_at) }),
    order.state === "placed" && !order.paid_at && t("paysUntil", { at: f.moment(order.pay_until) }),
    order.ended_at && t("endedAt", { at: f.moment(order.ended_at) }),
    order.state === "cancelled" && order.why,
  ].filter(Boolean)
  return (
    <div className="head">
      <div>
        <h1 className="num">{order.number}</h1>
        <p className="ordertags">
          <StateTag of={order.state} />
          {order.state !== "draft" && <PaymentTag of={order.states} />}
          {order.state === "placed" && order.paid_at && <FulfilmentTag of={order.states} />}
        </p>
        <p className="soft small num">{told.join(" · ")}</p>
      </div>
    </div>
  )
}

/** Where its buyer pays: nobody else sees it without the contact that the order was placed with. */
function PayPage({ order }: { order: Order }) {
  const { t } = useTranslation("orders")
  return (
    <p className="payat">
      {t("payAt")}{" "}
      <Typography.Link href={order.page} target="_blank" rel="noreferrer" copyable={{ text: order.page, tooltips: false }}>
        {order.page}
      </Typography.Link>
    </p>
  )
}

function Where({ order }: { order: Order }) {
  const { t, i18n } = useTranslation("orders")
  const f = useFormats()
  const zh = i18n.language === "zh"
  const { where, delivery, contact } = order
  return (
    <section className="sheet pad">
      <h2>{t("to")}</h2>
      {where ? (
        <p className="after0">
          <b>{where.recipient}</b> <span className="num">{where.phone}</span>
          <br />
          {[where.country, where.region, where.city, where.district, where.line, where.postcode].filter(Boolean).join(" ")}
        </p>
      ) : (
        <p className="after0 soft">{t("forgotten")}</p>
      )}
      <p className="soft small num">{[contact.email, contact.phone === where?.phone ? "" : contact.phone].filter(Boolean).join(" · ")}</p>
      <p>{order.member_id ? <Link to={`/customers/members/${order.member_id}`}>{t("member")}</Link> : <span className="soft">{t("guest")}</span>}</p>
      <p className="after0">
        {zh ? delivery.name.zh : delivery.name.en}
        <br />
        <span className="soft small">
          {t("arrives", { from: f.day(delivery.earliest, "short"), to: f.day(delivery.latest, "short") })}
          {delivery.co2e_g !== null && ` · ${t("co2e", { grams: f.whole(delivery.co2e_g) })}`}
        </span>
        {delivery.co2e_source && <span className="block soft small">{zh ? delivery.co2e_source.zh : delivery.co2e_source.en}</span>}
      </p>
      {order.note && <p className="after0">{t("note", { note: order.note })}</p>}
    </section>
  )
}
