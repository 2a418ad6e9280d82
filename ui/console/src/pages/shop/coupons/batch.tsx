import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Drawer, Select } from "antd"
import { useCallback, useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { useFormats } from "../../../lib/i18n"
import { oneOf } from "../../../lib/url"
import { Blank } from "../../../parts/blank"
import { Search } from "../../../parts/search"
import { PagedTable, type Column } from "../../../parts/table"
import { Trouble } from "../../../parts/trouble"
import { asks, couponStates, type Batch, type Coupon } from "../promotions/asks"
import { useBoth } from "../promotions/words"

const looks = { issued: "approved", locked: "waiting", redeemed: "executed", released: "proposed", expired: "cancelled" } as const

/** One batch: its coupons with their codes and states, and each one's history. */
export function BatchDrawer({ batch, operator, onClose }: { batch: Batch | undefined; operator: boolean; onClose(): void }) {
  const { t } = useTranslation("pricing")
  const f = useFormats()
  const both = useBoth()
  return (
    <Drawer open={!!batch} onClose={onClose} title={batch ? both(batch.name) : " "} size="large" destroyOnHidden>
      {batch && (
        <div className="drawerbody">
          <dl className="facts wide">
            <dt>{t("coupons.opens")}</dt>
            <dd>
              <Link to={`/shop/promotions?one=${batch.promotion_id}`}>{both(batch.promotion)}</Link>
            </dd>
            <dt>{t("coupons.issued")}</dt>
            <dd>{t("coupons.issuedSaid", { at: f.moment(batch.issued_at), who: batch.issued_by })}</dd>
            <dt>{t("col.until")}</dt>
            <dd>{batch.ends_at ? f.moment(batch.ends_at) : t("open")}</dd>
            <dt>{t("coupons.uses")}</dt>
            <dd className="num">{t("coupons.usesSaid", { most: f.whole(batch.uses_most), locked: f.whole(batch.locked), redeemed: f.whole(batch.redeemed) })}</dd>
          </dl>
          {operator ? <Coupons batch={batch} /> : <p className="soft small">{t("coupons.operators")}</p>}
        </div>
      )}
    </Drawer>
  )
}

function Coupons({ batch }: { batch: Batch }) {
  const { t } = useTranslation(["pricing", "common"])
  const f = useFormats()
  const [code, setCode] = useState("")
  const [state, setState] = useState("")
  const [open, setOpen] = useState("")
  useEffect(() => setOpen(""), [batch.id])
  const list = useInfiniteQuery(asks.coupons(batch.id, oneOf(state, couponStates), code))
  const find = useCallback((typed: string) => setCode(typed), [])
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
  return (
    <>
      {open && <History id={open} />}
      <div className="tbar">
        <Search label={t("coupons.find")} placeholder={t("coupons.find")} value={code} onChange={find} width={200} />
        <Select aria-label={t("col.state")} className="w-state" value={state} onChange={setState} options={[{ value: "", label: t("every") }, ...couponStates.map((value) => ({ value, label: t(`cstate.${value}`) }))]} />
      </div>
      <PagedTable list={list} label={t("coupons.title")} columns={columns} rowKey={(row) => row.id} onOpen={(row) => setOpen(row.id)} empty={<Blank title={t("noneFound")} />} />
    </>
  )
}

function History({ id }: { id: string }) {
  const { t } = useTranslation("pricing")
  const f = useFormats()
  const found = useQuery(asks.coupon(id))
  if (found.error) return <Trouble error={found.error} onRetry={() => void found.refetch()} />
  return (
    <>
      <h3>
        {t("coupons.history")} <code>{found.data?.coupon.code}</code>
      </h3>
      <ul className="steps">
        {found.data?.moves.map((move, i) => (
          <li key={i}>
            <span className="soft num">{f.moment(move.at)}</span>
            <span>
              {t(`cstate.${move.state}`)} {move.order_id && <Link to={`/shop/orders?q=${encodeURIComponent(move.order_id)}`}>{move.order_id}</Link>}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
