import { useContext, useMemo } from "react"
import { useTranslation } from "react-i18next"
import { formats } from "../../../lib/format"
import { useFormats } from "../../../lib/i18n"
import { SettingsContext } from "../../../lib/settings"
import { oneOf } from "../../../lib/url"

export const accounts = ["provider:wechat_v3", "provider:alipay", "provider:sandbox", "orders", "refunds_due", "suspense", "fees"] as const
export const abouts = ["charged", "refund_promised", "refunded", "refund_failed", "second", "wrong_amount", "unknown", "fee"] as const
export const verdicts = ["accepted", "late", "duplicate", "second", "wrong_amount", "unknown", "ignored", "unreadable", "forged"] as const
export const providers = ["wechat_v3", "alipay", "sandbox"] as const

/** Money in the currency of its row, to the last digit: a ledger is not rounded. */
export function useMoney() {
  const { lang, currency } = useContext(SettingsContext)
  const f = useFormats()
  return useMemo(() => {
    const made = new Map([[currency, f]])
    return (minor: number, of: string) => {
      const known = made.get(of) ?? formats(lang, of)
      made.set(of, known)
      return known.money(minor, { exact: true })
    }
  }, [lang, currency, f])
}

export function useNames() {
  const { t } = useTranslation("payments")
  return {
    account: (key: string) => {
      const known = oneOf(key, accounts)
      return known ? t(`account.${known.replace("provider:", "") as "orders"}`) : key
    },
    about: (key: string) => {
      const known = oneOf(key, abouts)
      return known ? t(`about.${known}`) : key
    },
    provider: (key: string) => {
      const known = oneOf(key, providers)
      return known ? t(`account.${known}`) : key
    },
  }
}
