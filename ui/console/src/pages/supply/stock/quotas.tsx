import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query"
import { Button, InputNumber, Modal, Select } from "antd"
import { useMemo, useState } from "react"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import { Blank } from "../../../parts/blank"
import { PagedTable, type Column } from "../../../parts/table"
import { sentenceOf } from "../../../parts/trouble"
import { asks, renew, type Quota } from "./asks"
import { Goods } from "./goods"
import { SkuField } from "./skufield"

const supplies = ["presale", "made_to_order"] as const
type Draft = { sku: string; supply: Quota["supply"]; quota: number | null; stands: boolean }

/** How many units may be promised before they exist, and how many are. */
export function QuotasTab({ may }: { may: boolean }) {
  const { t } = useTranslation("stock")
  const f = useFormats()
  const list = useInfiniteQuery(asks.quotas())
  const [draft, setDraft] = useState<Draft | null>(null)
  const columns = useMemo<Column<Quota>[]>(
    () => [
      { key: "goods", title: t("goods"), wrap: true, show: (row) => <Goods of={row} /> },
      { key: "sku", title: t("sku"), wide: true, wrap: true, show: (row) => <span className="skuname soft">{row.sku}</span> },
      { key: "supply", title: t("supply.label"), show: (row) => t(`supply.${row.supply}`) },
      { key: "quota", title: t("quota.quota"), right: true, show: (row) => f.whole(row.quota) },
      { key: "held", title: t("held"), right: true, wide: true, show: (row) => f.whole(row.held) },
      { key: "taken", title: t("quota.taken"), right: true, show: (row) => f.whole(row.taken) },
      { key: "left", title: t("quota.left"), right: true, show: (row) => <b className={row.left === 0 ? "bad" : ""}>{f.whole(row.left)}</b> },
    ],
    [t, f],
  )
  const open = (row: Quota) => setDraft({ sku: row.sku, supply: row.supply, quota: row.quota, stands: true })
  const edit: Column<Quota> = {
    key: "edit",
    title: "",
    right: true,
    show: (row) => (
      <Button size="small" type="text" onClick={() => open(row)} aria-label={`${t("quota.change")}: ${row.sku}`}>
        {t("quota.change")}
      </Button>
    ),
  }
  const make = () => setDraft({ sku: "", supply: "presale", quota: null, stands: false })
  return (
    <>
      <div className="tbar">
        <p className="soft grow">{t("quota.means")}</p>
        {may && <Button onClick={make}>{t("quota.new")}</Button>}
      </div>
      <PagedTable list={list} label={t("tab.quotas")} columns={may ? [...columns, edit] : columns} rowKey={(row) => `${row.sku} ${row.supply}`} empty={<Blank title={t("quota.empty")}>{t("quota.emptyWhy")}</Blank>} />
      {draft && <QuotaForm draft={draft} onDraft={setDraft} />}
    </>
  )
}

function QuotaForm({ draft, onDraft }: { draft: Draft; onDraft(draft: Draft | null): void }) {
  const { t } = useTranslation(["stock", "common"])
  const { notification } = useNotices()
  const queries = useQueryClient()
  const put = useMutation({
    mutationFn: () => take(client.PUT("/v1/trade/stock/quotas", { body: { sku: draft.sku.trim(), supply: draft.supply, quota: draft.quota ?? 0 } })),
    onSuccess: () => {
      void renew(queries)
      onDraft(null)
    },
    onError: (problem) => void notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  return (
    <Modal open title={t(draft.stands ? "quota.change" : "quota.new")} okText={t("common:act.save")} okButtonProps={{ loading: put.isPending, disabled: !draft.sku.trim() || draft.quota === null }} onOk={() => put.mutate()} onCancel={() => onDraft(null)} width={440}>
      <div className="stack">
        <SkuField disabled={draft.stands} value={draft.sku} onChange={(sku) => onDraft({ ...draft, sku })} label={t("sku")} />
        <Select disabled={draft.stands} aria-label={t("supply.label")} value={draft.supply} onChange={(supply) => onDraft({ ...draft, supply })} options={supplies.map((value) => ({ value, label: t(`supply.${value}`) }))} />
        <InputNumber style={{ width: "100%" }} min={0} max={1_000_000} precision={0} value={draft.quota} onChange={(quota) => onDraft({ ...draft, quota })} aria-label={t("quota.quota")} placeholder={t("quota.quota")} />
      </div>
    </Modal>
  )
}
