import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import type { Happened } from "./asks"

const known = ["placed", "payment_failed", "paid", "paid_late", "unobtainable", "cancelled", "reduced", "expired", "shipped", "refund_promised", "refunded"] as const

/** Everything that happened to an order, newest first. */
export function Timeline({ rows }: { rows: Happened[] }) {
  const { t } = useTranslation("orders")
  const f = useFormats()
  const name = (kind: string) => {
    const found = known.find((one) => one === kind)
    return found ? t(`event.${found}`) : t("event.other", { kind })
  }
  const who = (by: string) => (by === "shop" ? t("timeline.shop") : by === "buyer" ? t("timeline.buyer") : t("timeline.by", { who: by }))
  const said = (detail: Happened["detail"]) => {
    const words = [detail.goods, detail.why, detail.tracking_number].filter((one): one is string => typeof one === "string" && one !== "")
    const amount = typeof detail.amount_minor === "number" ? [f.money(detail.amount_minor, { exact: true })] : []
    return [...amount, ...words].join(" · ")
  }
  return (
    <section className="sheet pad told">
      <h2>{t("timeline.title")}</h2>
      <ol className="steps">
        {[...rows].reverse().map((row, place) => (
          <li key={`${row.at} ${place}`}>
            <span className="soft num">{f.moment(row.at)}</span>
            <span>
              {name(row.kind)} <span className="soft small">{[who(row.by), said(row.detail)].filter(Boolean).join(" · ")}</span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
