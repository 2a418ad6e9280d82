import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Drawer, InputNumber, Segmented, Select } from "antd"
import { useEffect, useMemo, useState } from "react"
import { useTranslation } from "react-i18next"
import { client, Refused, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { holdKeys } from "../../../lib/keys"
import { useNotices } from "../../../lib/notices"
import { Bones } from "../../../parts/blank"
import { Table, type Column } from "../../../parts/table"
import { sentenceOf } from "../../../parts/trouble"
import "../../../styles/sheets.css"
import { renew, type PriceChange, type Repriced } from "./asks"
import { useBoth } from "./words"

type Kind = PriceChange["kind"]
type To = "nearest" | "up" | "down"
type CompareAt = "keep" | "old" | "none"
type Asked = { kind: Kind; value: number | null; ending: string; to: To; compare_at: CompareAt }
type Props = { open: boolean; picked: ReadonlySet<string>; onDone(): void; onClose(): void }

const kinds = ["percent", "amount", "set"] as const
/** How prices may end, in parts of a unit of the currency: multiples of a step, less something. */
const endings = [
  { key: "none", step: 0, less: 0 },
  { key: "tenth", step: 0.1, less: 0 },
  { key: "whole", step: 1, less: 0 },
  { key: "ninety", step: 1, less: 0.1 },
  { key: "ninetynine", step: 1, less: 0.01 },
  { key: "ten", step: 10, less: 0 },
] as const

function bodyOf(asked: Asked, picked: ReadonlySet<string>, unit: number): PriceChange {
  const ending = endings.find((one) => one.key === asked.ending) ?? endings[0]
  const value = asked.value ?? 0
  return {
    product_ids: [...picked],
    kind: asked.kind,
    bp: asked.kind === "percent" ? Math.round(value * 100) : 0,
    minor: asked.kind === "percent" ? 0 : Math.round(value * unit),
    rounding: { step_minor: Math.max(1, Math.round(ending.step * unit)), less_minor: Math.round(ending.less * unit), to: asked.to },
    compare_at: asked.compare_at,
  }
}

/** Prices of the chosen products by a rule: every price before and after is seen, then all change at once. */
export function PricesDrawer({ open, picked, onDone, onClose }: Props) {
  const { t } = useTranslation("catalogue")
  const f = useFormats()
  const { notification, message } = useNotices()
  const queries = useQueryClient()
  const [asked, setAsked] = useState<Asked>({ kind: "percent", value: null, ending: "none", to: "nearest", compare_at: "keep" })
  const body = useMemo(() => bodyOf(asked, picked, f.unit), [asked, picked, f.unit])
  const told = asked.value !== null && (asked.value !== 0 || asked.kind === "percent")
  const look = useQuery({
    queryKey: ["/v1/trade/products/prices/preview", body],
    queryFn: ({ signal }) => take(client.POST("/v1/trade/products/prices/preview", { body, signal })),
    enabled: open && told,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  })
  const change = useMutation({
    mutationFn: (seen: string) => take(client.POST("/v1/trade/products/prices", { body: { ...body, seen } })),
    onSuccess: ({ changed }) => {
      void message.success(t("bulk.changed", { count: changed }))
      void renew(queries)
      onDone()
      onClose()
    },
    onError: (problem) => {
      void notification.error({ title: sentenceOf(problem), duration: 8 })
      if (problem instanceof Refused && problem.code === "changed_meanwhile") void look.refetch()
    },
  })
  useEffect(() => (open ? holdKeys() : undefined), [open])
  const found = told && !look.error ? look.data : undefined
  const ready = found !== undefined && found.changed > 0 && !look.isPlaceholderData
  const button = (
    <Button type="primary" disabled={!ready} loading={change.isPending} onClick={() => found && change.mutate(found.seen)}>
      {t("bulk.act", { count: found?.changed ?? 0 })}
    </Button>
  )
  return (
    <Drawer open={open} onClose={onClose} title={t("bulk.prices")} size={780} destroyOnHidden footer={button}>
      <div className="drawerbody pricechange">
        <p className="soft">{t("bulk.lead", { count: picked.size })}</p>
        <Fields asked={asked} onChange={(patch) => setAsked((old) => ({ ...old, ...patch }))} />
        {told && look.error && (
          <p className="warn" role="alert">
            {sentenceOf(look.error)}
          </p>
        )}
        {told && look.isPending && <Bones rows={6} />}
        {found && <Rows rows={found.rows} />}
      </div>
    </Drawer>
  )
}

function Fields({ asked, onChange }: { asked: Asked; onChange(patch: Partial<Asked>): void }) {
  const { t } = useTranslation("catalogue")
  const f = useFormats()
  const shown = endings.filter((one) => one.step === 0 || (one.step * f.unit >= 1 && (one.less === 0 || one.less * f.unit >= 1)))
  return (
    <div className="pricefields">
      <Segmented<Kind> className="across" block aria-label={t("bulk.how")} value={asked.kind} onChange={(kind) => onChange({ kind, value: null })} options={kinds.map((value) => ({ value, label: t(`bulk.kind.${value}`) }))} />
      <label>
        <span>{t(`bulk.value.${asked.kind}`)}</span>
        <InputNumber value={asked.value} min={asked.kind === "set" ? 0 : asked.kind === "percent" ? -100 : -1e8} max={asked.kind === "percent" ? 1000 : 1e8} precision={asked.kind === "percent" ? 2 : Math.log10(f.unit)} suffix={asked.kind === "percent" ? "%" : f.currency} placeholder={asked.kind === "set" ? undefined : "\u221210"} controls={false} onChange={(value) => onChange({ value })} />
      </label>
      <label>
        <span>{t("bulk.ending")}</span>
        <Select aria-label={t("bulk.ending")} value={asked.ending} onChange={(ending: string) => onChange({ ending })} options={shown.map((one) => ({ value: one.key, label: t(`bulk.endings.${one.key}`) }))} />
      </label>
      <label>
        <span>{t("bulk.to")}</span>
        <Select<To> aria-label={t("bulk.to")} value={asked.to} onChange={(to) => onChange({ to })} options={(["nearest", "up", "down"] as const).map((value) => ({ value, label: t(`bulk.direction.${value}`) }))} />
      </label>
      <label>
        <span>{t("form.compare_at_minor")}</span>
        <Select<CompareAt> aria-label={t("form.compare_at_minor")} value={asked.compare_at} onChange={(compare_at) => onChange({ compare_at })} options={(["keep", "old", "none"] as const).map((value) => ({ value, label: t(`bulk.compare.${value}`) }))} />
      </label>
    </div>
  )
}

function Rows({ rows }: { rows: Repriced[] }) {
  const { t } = useTranslation("catalogue")
  const f = useFormats()
  const both = useBoth()
  const price = (minor: number | null) => (minor === null ? <span className="soft">{t("unpriced")}</span> : f.money(minor, { exact: true }))
  const columns: Column<Repriced>[] = [
    {
      key: "goods",
      title: t("col.title"),
      wrap: true,
      show: (row) => (
        <>
          {[both(row.title), ...row.choices.map(both)].join(" · ")} <span className="soft small cell">{row.sku}</span>
        </>
      ),
    },
    { key: "before", title: t("bulk.before"), right: true, show: (row) => price(row.before_minor) },
    { key: "after", title: t("bulk.after"), right: true, show: (row) => (row.after_minor === null ? <span className="soft">{t("bulk.stays")}</span> : <b>{price(row.after_minor)}</b>) },
    { key: "compare", title: t("form.compare_at_minor"), right: true, wide: true, show: (row) => (row.after_compare_at_minor === null ? <span className="soft">–</span> : <s>{price(row.after_compare_at_minor)}</s>) },
    { key: "note", title: "", wrap: true, show: (row) => row.note && <span className="warn small">{row.note}</span> },
  ]
  return (
    <div className="sheet">
      <Table label={t("bulk.prices")} columns={columns} rows={rows} rowKey={(row) => row.sku} fold={40} empty={null} />
    </div>
  )
}
