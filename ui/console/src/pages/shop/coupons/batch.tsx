import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Drawer, Modal, Select } from "antd"
import { useCallback, useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import type { FileOf } from "../../../lib/queries"
import { oneOf } from "../../../lib/url"
import { Blank, Bones } from "../../../parts/blank"
import { Search } from "../../../parts/search"
import { TableTools } from "../../../parts/tabletools"
import { sentenceOf, Trouble } from "../../../parts/trouble"
import { asks, couponStates, type Batch } from "../promotions/asks"
import { useBoth } from "../promotions/words"
import { CouponList } from "./list"

/** One batch: what it opens and how it stands; its coupons with their codes, as a file too. */
export function BatchDrawer({ id, operator, onClose }: { id: string; operator: boolean; onClose(): void }) {
  const { t } = useTranslation("pricing")
  const both = useBoth()
  const found = useQuery(asks.batch(id))
  const batch = found.data
  return (
    <Drawer open={id !== ""} onClose={onClose} title={batch ? both(batch.name) : t("coupons.batch")} size="large" destroyOnHidden>
      {found.error && <Trouble error={found.error} onRetry={() => void found.refetch()} />}
      {!found.error && !batch && <Bones rows={8} height={34} />}
      {batch && (
        <div className="drawerbody">
          {operator && <End batch={batch} />}
          <Facts batch={batch} />
          {operator ? <Coupons batch={batch} /> : <OnlyOperators />}
        </div>
      )}
    </Drawer>
  )
}

function OnlyOperators() {
  const { t } = useTranslation("pricing")
  return <p className="soft small">{t("coupons.operators")}</p>
}

function Facts({ batch }: { batch: Batch }) {
  const { t } = useTranslation("pricing")
  const f = useFormats()
  const both = useBoth()
  return (
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
  )
}

/** A code that got about is stopped at once; what orders hold stays theirs. */
function End({ batch }: { batch: Batch }) {
  const { t } = useTranslation("pricing")
  const { notification } = useNotices()
  const queries = useQueryClient()
  const [sure, setSure] = useState(false)
  const end = useMutation({
    mutationFn: () => take(client.POST("/v1/trade/coupon-batches/{batch_id}/end", { params: { path: { batch_id: batch.id } } })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["/v1/trade/coupon-batches"] })
      void queries.invalidateQueries({ queryKey: ["/v1/trade/coupons"] })
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
    onSettled: () => setSure(false),
  })
  if (batch.ends_at && Date.parse(batch.ends_at) <= Date.now()) return null
  return (
    <p className="row">
      <Button danger onClick={() => setSure(true)}>
        {t("coupons.end")}
      </Button>
      <Modal open={sure} title={t("sure.endTitle")} okText={t("coupons.end")} okButtonProps={{ danger: true, loading: end.isPending }} onOk={() => end.mutate()} onCancel={() => setSure(false)} width={440}>
        <p>{t("sure.endMeans")}</p>
      </Modal>
    </p>
  )
}

function Coupons({ batch }: { batch: Batch }) {
  const { t } = useTranslation("pricing")
  const [code, setCode] = useState("")
  const [state, setState] = useState("")
  useEffect(() => (setCode(""), setState("")), [batch.id])
  const find = useCallback((typed: string) => setCode(typed), [])
  const file: FileOf = (format) => take(client.GET("/v1/files/coupons", { params: { query: { batch: batch.id, format } }, parseAs: "blob" }))
  return (
    <>
      <div className="tbar">
        <Search label={t("coupons.find")} placeholder={t("coupons.find")} value={code} onChange={find} width={180} />
        <Select aria-label={t("col.state")} className="w-state" value={state} onChange={setState} options={[{ value: "", label: t("every") }, ...couponStates.map((value) => ({ value, label: t(`cstate.${value}`) }))]} />
        <TableTools name="coupons" file={file} call={{ path: "/v1/trade/coupons", query: { batch: batch.id } }} />
      </div>
      <CouponList batch={batch.id} state={oneOf(state, couponStates)} code={code} empty={<Blank title={t("noneFound")} />} />
    </>
  )
}
