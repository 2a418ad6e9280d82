import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useCallback } from "react"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { atLeast } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { useUrl } from "../../../lib/url"
import { Blank } from "../../../parts/blank"
import { Search } from "../../../parts/search"
import { PagedTable, type Column } from "../../../parts/table"
import "../../../styles/pricing.css"
import { asks, type Batch } from "../promotions/asks"
import { useBoth } from "../promotions/words"
import { BatchDrawer } from "./batch"
import { CouponList } from "./list"
import { Issue } from "./issue"

/** Batches of coupons: what each opens, how many are out, held and used. */
export default function CouponsPage() {
  const { t } = useTranslation("pricing")
  const f = useFormats()
  const both = useBoth()
  const [url, setUrl] = useUrl({ batch: "", issue: "", code: "", member: "" })
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const operator = atLeast(me?.role, "operator")
  const approver = atLeast(me?.role, "approver")
  const list = useInfiniteQuery(asks.batches())
  const find = useCallback((code: string) => setUrl({ code }, true), [setUrl])
  const columns: Column<Batch>[] = [
    {
      key: "name",
      title: t("coupons.batch"),
      wrap: true,
      show: (row) => (
        <>
          <button type="button" className="linklike" onClick={() => setUrl({ batch: row.id })}>
            {both(row.name)}
          </button>
          {row.code && <code className="tagged">{row.code}</code>}
        </>
      ),
    },
    { key: "opens", title: t("coupons.opens"), wrap: true, show: (row) => both(row.promotion) },
    { key: "coupons", title: t("coupons.out"), right: true, wide: true, show: (row) => (row.kind === "shared" ? t("coupons.usesMost", { count: row.uses_most }) : f.whole(row.coupons)) },
    { key: "locked", title: t("cstate.locked"), right: true, wide: true, show: (row) => f.whole(row.locked) },
    { key: "redeemed", title: t("cstate.redeemed"), right: true, show: (row) => f.whole(row.redeemed) },
    { key: "until", title: t("col.until"), right: true, wide: true, show: (row) => (row.ends_at ? (over(row) ? t("coupons.ended", { at: f.moment(row.ends_at) }) : f.moment(row.ends_at)) : t("open")) },
  ]
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{t("coupons.title")}</h1>
          <p className="lead">{t("coupons.lead")}</p>
        </div>
        {approver && (
          <Button type="primary" onClick={() => setUrl({ issue: "new" })}>
            {t("coupons.issue")}
          </Button>
        )}
      </div>
      {operator && (
        <div className="tbar">
          <Search label={t("coupons.findAll")} placeholder={t("coupons.findAll")} value={url.code} onChange={find} width={240} />
        </div>
      )}
      {operator && url.code ? (
        <CouponList code={url.code} onBatch={(batch) => setUrl({ batch })} empty={<Blank title={t("coupons.noCode")}>{t("coupons.noCodeMeans")}</Blank>} />
      ) : (
        <PagedTable list={list} label={t("coupons.title")} columns={columns} rowKey={(row) => row.id} rowClass={(row) => (over(row) ? "gone" : "")} onOpen={(row) => setUrl({ batch: row.id })} empty={<Blank title={t("coupons.none")} actions={operator && <Link to="/shop/promotions?edit=new">{t("new")}</Link>}>{t("coupons.noneMeans")}</Blank>} />
      )}
      <BatchDrawer id={url.batch} operator={operator} onClose={() => setUrl({ batch: "" })} />
      {approver && url.issue && <Issue promotion={url.issue === "new" ? "" : url.issue} member={url.member} onClose={() => setUrl({ issue: "", member: "" })} onDone={(made) => setUrl({ issue: "", member: "", batch: made })} />}
    </div>
  )
}

const over = (row: Batch) => !!row.ends_at && Date.parse(row.ends_at) <= Date.now()
