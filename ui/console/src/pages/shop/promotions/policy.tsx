import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, InputNumber } from "antd"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useNotices } from "../../../lib/notices"
import { Bones } from "../../../parts/blank"
import { sentenceOf, Trouble } from "../../../parts/trouble"
import { asks, channel } from "./asks"
import { Amount } from "./money"

const rules = ["lists", "order", "left", "group", "alone", "floor", "tax"] as const

/** How promotions combine, said in words, and the two figures that the shop sets. */
export function Policy({ may }: { may: boolean }) {
  const { t } = useTranslation(["pricing", "common"])
  const { notification } = useNotices()
  const queries = useQueryClient()
  const found = useQuery(asks.policy())
  const [most, setMost] = useState<number | null>(null)
  const [coupons, setCoupons] = useState<number | null>(null)
  const now = found.data
  useEffect(() => {
    if (!now) return
    setMost(now.most_bp)
    setCoupons(now.coupons)
  }, [now])
  const keep = useMutation({
    mutationFn: () => take(client.PUT("/v1/trade/pricing/policy/{channel_id}", { params: { path: { channel_id: channel } }, body: { most_bp: most ?? 0, coupons: coupons ?? 0 } })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["/v1/trade/pricing/policy"] })
      notification.open({ title: t("common:act.saved"), duration: 3 })
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  if (found.error) return <Trouble error={found.error} onRetry={() => void found.refetch()} />
  if (!now) return <Bones rows={6} height={34} />
  const changed = most !== null && coupons !== null && (most !== now.most_bp || coupons !== now.coupons)
  return (
    <div className="two first">
      <section className="sheet pad">
        <h2>{t("rules.title")}</h2>
        <ol className="ruled">
          {rules.map((key) => (
            <li key={key}>{t(`rules.${key}`)}</li>
          ))}
        </ol>
      </section>
      <section className="sheet pad policy">
        <h2>{t("rules.limits")}</h2>
        <label>
          <span>{t("rules.most")}</span>
          <Amount share value={most} onChange={setMost} />
          <span className="soft small">{t("rules.mostMeans")}</span>
        </label>
        <label>
          <span>{t("rules.coupons")}</span>
          <InputNumber min={0} max={10} precision={0} value={coupons} onChange={setCoupons} />
          <span className="soft small">{t("rules.couponsMeans")}</span>
        </label>
        {may ? (
          <Button type="primary" disabled={!changed} loading={keep.isPending} onClick={() => keep.mutate()}>
            {t("common:act.save")}
          </Button>
        ) : (
          <p className="soft small">{t("rules.approver")}</p>
        )}
      </section>
    </div>
  )
}
