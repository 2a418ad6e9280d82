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

const intents = ["open", "charged", "failed", "cancelled"] as const

/** Why a notice was judged as it was, in the reader's language; a provider's own words stay as they are. */
export function useWhy() {
  const { t } = useTranslation("payments")
  const money = useMoney()
  const state = (word: string | undefined) => {
    const known = oneOf(word ?? "", intents)
    return known ? t(`intent.${known}`) : (word ?? "")
  }
  return (about: string): string | undefined => {
    const amounts = /^asked for (\d+) ([A-Z]{3}), paid (\d+) ([A-Z]{3})$/.exec(about)
    if (amounts) return t("judged.amounts", { asked: money(Number(amounts[1]), amounts[2] ?? ""), paid: money(Number(amounts[3]), amounts[4] ?? "") })
    const was = /^the payment was (\w+) or over by then$/.exec(about)
    if (was) return t("judged.was", { state: state(was[1]) })
    const is = /^the payment is (\w+)$/.exec(about)
    if (is) return t("judged.is", { state: state(is[1]) })
    const plain = oneOf(about, Object.keys(said) as (keyof typeof said)[])
    return plain && t(`judged.${said[plain]}`)
  }
}

const said = {
  "the order was paid before": "second",
  "there is no such payment": "unknown",
  "no refund of ours: see the provider's own console": "refund",
  "it says nothing about money": "nothing",
  "it was given up and nothing is left": "left",
} as const
