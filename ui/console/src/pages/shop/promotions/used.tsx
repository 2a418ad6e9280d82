import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import type { Promotion, PromotionState } from "./asks"

const looks: Record<PromotionState, string> = { draft: "proposed", live: "approved", paused: "waiting", ended: "cancelled" }

export function Standing({ of }: { of: PromotionState }) {
  const { t } = useTranslation("pricing")
  return <span className={`state ${looks[of]}`}>{t(`state.${of}`)}</span>
}

/** What a promotion has given, against its budget where it has one. */
export function Used({ of: { spent, draft } }: { of: Promotion }) {
  const { t } = useTranslation("pricing")
  const f = useFormats()
  const minor = spent.held_minor + spent.redeemed_minor
  const uses = spent.held_uses + spent.redeemed_uses
  const budget = draft.limits?.budget_minor
  const most = draft.limits?.uses
  const share = Math.max(budget ? minor / budget : 0, most ? uses / most : 0)
  const limited = budget !== null && budget !== undefined ? t("of", { part: f.money(minor), whole: f.money(budget) }) : f.money(minor)
  return (
    <span className="used">
      <span className="num">{limited}</span>
      <span className="soft small num">{most ? t("usesOf", { count: uses, most: f.whole(most) }) : t("uses", { count: uses })}</span>
      {(!!budget || !!most) && (
        <span className="meter" aria-hidden>
          <i style={{ width: `${Math.min(100, 100 * share)}%` }} className={share >= 1 ? "full" : ""} />
        </span>
      )}
    </span>
  )
}

/** How much of a promotion's limits is gone, held by open orders, and left. */
export function Budget({ of: { spent, draft } }: { of: Promotion }) {
  const { t } = useTranslation("pricing")
  const f = useFormats()
  const money = (minor: number) => f.money(minor, { exact: true })
  const budget = draft.limits?.budget_minor ?? null
  const uses = draft.limits?.uses ?? null
  const given = spent.held_minor + spent.redeemed_minor
  const times = spent.held_uses + spent.redeemed_uses
  const rows = [
    { key: "money", redeemed: spent.redeemed_minor, held: spent.held_minor, most: budget, show: money, left: budget === null ? null : budget - given },
    { key: "uses", redeemed: spent.redeemed_uses, held: spent.held_uses, most: uses, show: (count: number) => t("uses", { count }), left: uses === null ? null : uses - times },
  ]
  return (
    <div className="budgets">
      {rows.map((row) => (
        <div key={row.key}>
          <p>
            <strong className="big num">{row.show(row.redeemed)}</strong> <span className="soft small">{t("budget.redeemed")}</span>
          </p>
          {row.most !== null && (
            <span className="meter wide" aria-hidden>
              <i style={{ width: share(row.redeemed, row.most) }} className={row.left === 0 ? "full" : ""} />
              <i style={{ width: share(row.held, row.most) }} className="held" />
            </span>
          )}
          <p className="soft small num">
            {[row.held > 0 && t("budget.held", { amount: row.show(row.held) }), row.most === null ? t("budget.open") : t("budget.left", { left: row.show(row.left ?? 0), most: row.show(row.most) })].filter(Boolean).join(t("listed"))}
          </p>
        </div>
      ))}
    </div>
  )
}

const share = (part: number, most: number) => `${most > 0 ? Math.min(100, (100 * part) / most) : 100}%`
