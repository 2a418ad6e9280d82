import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { useState, type ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { useFormats } from "../../../lib/i18n"
import { PagedTable, type Column } from "../../../parts/table"
import { Trouble } from "../../../parts/trouble"
import { asks, type Coupon, type CouponState } from "../promotions/asks"

const looks = { issued: "approved", locked: "waiting", redeemed: "executed", released: "proposed", expired: "cancelled" } as const

type Props = { batch?: string; state?: CouponState; code: string; empty: ReactNode; onBatch?(batch: string): void }

/** Coupons with their codes and states, and the history of the one that was opened. */
export function CouponList({ batch = "", state, code, empty, onBatch }: Props) {
  const { t } = useTranslation(["pricing", "common"])
  const f = useFormats()
  const [open, setOpen] = useState("")
  const list = useInfiniteQuery(asks.coupons(batch, state, code))
  const columns: Column<Coupon>[] = [
    {
      key: "code",
      title: t("coupons.code"),
      show: (row) => (
        <button type="button" className="linklike" onClick={() => setOpen(row.id)}>
          <code>{row.code}</code>
        </button>
      ),
    },
    { key: "state", title: t("col.state"), show: (row) => <span className={`state ${looks[row.state]}`}>{t(`cstate.${row.state}`)}</span> },
    { key: "taken", title: t("coupons.uses"), right: true, wide: true, show: (row) => t("of", { part: f.whole(row.taken), whole: f.whole(row.uses_most) }) },
    { key: "member", title: t("coupons.member"), wide: true, show: (row) => (row.member_id ? <Link to={`/customers/members/${row.member_id}`}>{row.member_id}</Link> : t("common:dash")) },
  ]
  const home: Column<Coupon> = {
    key: "batch",
    title: t("coupons.of"),
    right: true,
    show: (row) => (
      <button type="button" className="linklike" onClick={() => onBatch?.(row.batch_id)}>
        {t("coupons.of")}
      </button>
    ),
  }
  return (
    <>
      {open && <History id={open} />}
      <PagedTable list={list} label={t("coupons.title")} columns={onBatch ? [...columns, home] : columns} rowKey={(row) => row.id} onOpen={(row) => setOpen(row.id)} empty={empty} />
    </>
  )
}

function History({ id }: { id: string }) {
  const { t } = useTranslation("pricing")
  const f = useFormats()
  const found = useQuery(asks.coupon(id))
  if (found.error) return <Trouble error={found.error} onRetry={() => void found.refetch()} />
  return (
    <section className="sheet pad couponpast">
      <h3>
        {t("coupons.history")} <code>{found.data?.coupon.code}</code>
      </h3>
      <ul className="steps">
        {found.data?.moves.map((move, i) => (
          <li key={i}>
            <span className="soft num">{f.moment(move.at)}</span>
            <span>
              {t(`cstate.${move.state}`)} {move.order_id && <Link to={`/shop/orders/${encodeURIComponent(move.order_id)}`}>{move.order_id}</Link>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
