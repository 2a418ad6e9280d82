import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Input, Modal, Select } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import { sentenceOf } from "../../../parts/trouble"
import { asks, type MemberDetail } from "./asks"
import { useTierName } from "./words"

/** The tier that a member has, how it came to be, and giving another. */
export function TierCard({ detail, may }: { detail: MemberDetail; may: boolean }) {
  const { t } = useTranslation(["members", "common"])
  const f = useFormats()
  const tierName = useTierName()
  const [giving, setGiving] = useState(false)
  const { member, tier_changes: changes } = detail
  return (
    <section className="sheet pad">
      <h2>{t("tier")}</h2>
      <p className="stock">
        {tierName(member.tier) ?? t("noTier")}
        {may && (
          <Button size="small" onClick={() => setGiving(true)}>
            {t("giveTier")}
          </Button>
        )}
      </p>
      <ul className="steps">
        {changes.map((one) => (
          <li key={one.at}>
            <span className="soft num">{f.moment(one.at)}</span>
            <span>
              {t("moved", { from: tierName(one.was) ?? t("noTier"), to: tierName(one.tier) ?? t("noTier"), who: one.by })}
              {one.why && ` (${one.why})`}
            </span>
          </li>
        ))}
      </ul>
      {giving && <Give detail={detail} onClose={() => setGiving(false)} />}
    </section>
  )
}

function Give({ detail, onClose }: { detail: MemberDetail; onClose(): void }) {
  const { t } = useTranslation(["members", "common"])
  const { notification } = useNotices()
  const queries = useQueryClient()
  const tierName = useTierName()
  const tiers = useQuery(asks.tiers()).data ?? []
  const member_id = detail.member.member_id
  const [tier, setTier] = useState(detail.member.tier ?? "")
  const [why, setWhy] = useState("")
  const give = useMutation({
    mutationFn: () => take(client.POST("/v1/trade/members/{member_id}/tier", { params: { path: { member_id } }, body: { tier: tier || null, why } })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["/v1/trade/members/{id}", member_id] })
      void queries.invalidateQueries({ queryKey: ["/v1/trade/members"] })
      onClose()
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  return (
    <Modal open title={t("giveTier")} okText={t("common:act.save")} okButtonProps={{ loading: give.isPending, disabled: tier === (detail.member.tier ?? "") }} onOk={() => give.mutate()} onCancel={onClose} width={440}>
      <div className="stack">
        <Select
          aria-label={t("tier")}
          value={tier}
          onChange={setTier}
          style={{ width: "100%" }}
          options={[{ value: "", label: t("noTier") }, ...tiers.map((one) => ({ value: one.key, label: tierName(one.key) ?? one.key }))]}
        />
        {tiers.length === 0 && <p className="soft small">{t("tiers.none")}</p>}
        <Input.TextArea rows={2} maxLength={500} value={why} onChange={(event) => setWhy(event.target.value)} aria-label={t("why")} placeholder={t("why")} />
      </div>
    </Modal>
  )
}
