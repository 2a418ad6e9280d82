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
