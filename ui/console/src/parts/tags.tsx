import { useTranslation } from "react-i18next"

const bases = ["measured", "policy", "assumed"] as const

/** What a gain rests on; an assumed one is marked so that nobody mistakes it for money in hand. */
export function BasisTag({ basis: given }: { basis: string }) {
  const { t } = useTranslation("common")
  const basis = bases.find((one) => one === given) ?? "assumed"
  return (
    <span className={`basis ${basis}`} title={t(`basis.${basis}Long`)}>
      {t(`basis.${basis}`)}
    </span>
  )
}

const states = ["proposed", "approved", "rejected", "expired", "executing", "executed", "failed", "cancelled", "mixed"] as const

export function useStateName() {
  const { t } = useTranslation("common")
  return (state: string) => {
    const known = states.find((name) => name === state)
    return known ? t(`state.${known}`) : t("state.other", { state })
  }
}

export function StateTag({ state }: { state: string }) {
  const name = useStateName()
  return <span className={`state ${state}`}>{name(state)}</span>
}
