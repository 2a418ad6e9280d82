import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, InputNumber } from "antd"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { useNotices } from "../../lib/notices"
import type { Assumption } from "../../lib/shapes"
import { atLeast, client, take } from "../../lib/api"
import { useFormats } from "../../lib/i18n"
import { ask } from "../../lib/queries"
import { Bones } from "../../parts/blank"
import { sentenceOf, Trouble } from "../../parts/trouble"

const known = [
  "margin_rate",
  "scrap_rate",
  "contact_cost_minor",
  "reminder_response",
  "reminders_per_customer",
  "min_gain_minor",
  "horizon_days",
  "plays_per_customer",
  "winback_response",
  "winback_coupon_response",
  "winback_coupon_rate",
  "winback_call_response",
  "call_cost_minor",
  "calls_per_week",
  "winback_mid_share",
  "complement_response",
  "marketing_unknown",
  "identity_most_customers",
] as const

/** What decisions take for granted until it is measured: each with its meaning, its bounds and who set it. */
export function AssumptionsTab() {
  const { t } = useTranslation("settings")
  const shop = useQuery(ask.shop())
  if (shop.error) return <Trouble error={shop.error} onRetry={() => void shop.refetch()} />
  if (!shop.data) return <Bones rows={7} height={72} />
  return (
    <>
      <section className="sheet">
        <ul className="rows">
          {shop.data.assumptions.map((row) => (
            <AssumptionRow key={row.key} row={row} />
          ))}
        </ul>
      </section>
      <p className="after soft small">{t("assumptionsNote")}</p>
    </>
  )
}

/** Shares are edited as percent and money in whole units; the API has them as fractions and minor units. */
function useScale(row: Assumption) {
  const { t } = useTranslation("settings")
  const f = useFormats()
  const factor = row.unit === "share" ? 100 : row.unit === "minor" ? 1 / f.unit : 1
  const suffix = row.unit === "share" ? "%" : row.unit === "minor" ? f.currency : row.unit === "days" ? t("days") : t("times")
  const digits = row.unit === "share" ? 1 : row.unit === "minor" ? Math.log10(f.unit) : 0
  const show = (value: number) => {
    if (row.unit === "share") return f.percent(value, Number.isInteger(value * 100) ? 0 : 1)
    if (row.unit === "minor") return f.money(value, { exact: true })
    return f.whole(value)
  }
  return { factor, suffix, digits, show }
}

function AssumptionRow({ row }: { row: Assumption }) {
  const { t, i18n } = useTranslation(["settings", "common"])
  const f = useFormats()
  const { message, notification } = useNotices()
  const queries = useQueryClient()
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const { factor, suffix, digits, show } = useScale(row)
  const [value, setValue] = useState<number | null>(row.value * factor)
  useEffect(() => setValue(row.value * factor), [row.value, factor])
  const name = known.find((key) => key === row.key)
  const title = name ? t(`assumption.${name}`) : row.key
  const changed = value !== null && Math.abs(value / factor - row.value) > 1e-9
  const save = useMutation({
    mutationFn: (next: number) => take(client.PATCH("/v1/shop", { body: { assumptions: { [row.key]: next } } })),
    onSuccess: (shop) => {
      queries.setQueryData(ask.shop().queryKey, shop)
      void message.success(t("common:act.saved"))
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const may = atLeast(me?.role, "approver")
  const put = (next: number) => save.mutate(row.unit === "share" ? Math.round(next * 1e6) / 1e6 : Math.round(next))
  return (
    <li>
      <div>
        <h2>{title}</h2>
        <p className="soft small">{i18n.language === "zh" ? row.about_zh : row.about_en}</p>
      </div>
      <div className="editor">
        <InputNumber
          aria-label={title}
          value={value}
          min={row.low * factor}
          max={row.high * factor}
          precision={digits}
          disabled={!may}
          suffix={suffix}
          onChange={setValue}
          onPressEnter={() => changed && put(value / factor)}
        />
        {changed && (
          <Button type="primary" loading={save.isPending} onClick={() => put(value / factor)}>
            {t("common:act.save")}
          </Button>
        )}
        {!changed && may && row.value !== row.default && (
          <Button type="text" onClick={() => put(row.default)}>
            {t("reset", { value: show(row.default) })}
          </Button>
        )}
      </div>
      <p className="soft small num">
        {t("bounds", { low: show(row.low), high: show(row.high), value: show(row.default) })}
        {row.updated_at && row.updated_by && <span className="block">{t("setBy", { who: row.updated_by, at: f.moment(row.updated_at) })}</span>}
      </p>
    </li>
  )
}
