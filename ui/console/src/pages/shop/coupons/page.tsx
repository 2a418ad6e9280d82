import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useTranslation } from "react-i18next"
import { atLeast } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { useUrl } from "../../../lib/url"
import { Blank } from "../../../parts/blank"
import { PagedTable, type Column } from "../../../parts/table"
import "../../../styles/pricing.css"
import { asks, type Batch } from "../promotions/asks"
import { useBoth } from "../promotions/words"
import { BatchDrawer } from "./batch"
import { Issue } from "./issue"

/** Batches of coupons: what each opens, how many are out, held and used. */
export default function CouponsPage() {
  const { t } = useTranslation("pricing")
  const f = useFormats()
  const both = useBoth()
  const [url, setUrl] = useUrl({ batch: "", issue: "" })
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const operator = atLeast(me?.role, "operator")
  const approver = atLeast(me?.role, "approver")
  const list = useInfiniteQuery(asks.batches())
  const batch = list.data?.pages.flatMap((page) => page.rows).find((row) => row.id === url.batch)
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
    { key: "until", title: t("col.until"), right: true, wide: true, show: (row) => (row.ends_at ? f.moment(row.ends_at) : t("open")) },
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
      <PagedTable list={list} label={t("coupons.title")} columns={columns} rowKey={(row) => row.id} onOpen={(row) => setUrl({ batch: row.id })} empty={<Blank title={t("coupons.none")}>{t("coupons.noneMeans")}</Blank>} />
      <BatchDrawer batch={batch} operator={operator} onClose={() => setUrl({ batch: "" })} />
      {approver && url.issue && <Issue promotion={url.issue === "new" ? "" : url.issue} onClose={() => setUrl({ issue: "" })} onDone={(made) => setUrl({ issue: "", batch: made })} />}
    </div>
  )
}
