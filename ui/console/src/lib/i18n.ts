import i18next from "i18next"
import { useContext, useMemo } from "react"
import { initReactI18next } from "react-i18next"
import type allocation from "../locales/en/allocation.json"
import type audiences from "../locales/en/audiences.json"
import type catalogue from "../locales/en/catalogue.json"
import type common from "../locales/en/common.json"
import type customers from "../locales/en/customers.json"
import type data from "../locales/en/data.json"
import type decisions from "../locales/en/decisions.json"
import type economics from "../locales/en/economics.json"
import type events from "../locales/en/events.json"
import type explain from "../locales/en/explain.json"
import type exports from "../locales/en/exports.json"
import type identity from "../locales/en/identity.json"
import type lifecycle from "../locales/en/lifecycle.json"
import type members from "../locales/en/members.json"
import type orders from "../locales/en/orders.json"
import type palette from "../locales/en/palette.json"
import type payments from "../locales/en/payments.json"
import type personas from "../locales/en/personas.json"
import type pricing from "../locales/en/pricing.json"
import type privacy from "../locales/en/privacy.json"
import type settings from "../locales/en/settings.json"
import type setup from "../locales/en/setup.json"
import type sheets from "../locales/en/sheets.json"
import type stock from "../locales/en/stock.json"
import type strategy from "../locales/en/strategy.json"
import type supply from "../locales/en/supply.json"
import type today from "../locales/en/today.json"
import { antWordsOf, everywhere, wordsOf } from "./early"
import { formats, type Formats, type Lang } from "./format"
import { SettingsContext } from "./settings"

export type { Lang }

type Words = {
  allocation: typeof allocation
  audiences: typeof audiences
  catalogue: typeof catalogue
  common: typeof common
  customers: typeof customers
  data: typeof data
  decisions: typeof decisions
  economics: typeof economics
  events: typeof events
  explain: typeof explain
  exports: typeof exports
  identity: typeof identity
  lifecycle: typeof lifecycle
  members: typeof members
  orders: typeof orders
  palette: typeof palette
  payments: typeof payments
  personas: typeof personas
  pricing: typeof pricing
  privacy: typeof privacy
  settings: typeof settings
  setup: typeof setup
  sheets: typeof sheets
  stock: typeof stock
  strategy: typeof strategy
  supply: typeof supply
  today: typeof today
}
export type Namespace = keyof Words | "shopnames"

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common"
    resources: Words
  }
}
declare global {
  interface Window {
    __missing?: string[]
  }
}

const wanted = new Set<Namespace>(everywhere)

export const i18n = i18next.createInstance()

async function fetchWords(lang: Lang, namespace: Namespace): Promise<void> {
  if (i18n.hasResourceBundle(lang, namespace)) return
  const words = wordsOf(lang, namespace)
  if (!words) throw new Error(`no words for ${lang} ${namespace}`)
  i18n.addResourceBundle(lang, namespace, (await words).default)
}

/** Words of a page, fetched beside its code; remembered so that a switch of language fetches them too. */
export async function loadWords(...namespaces: Namespace[]): Promise<void> {
  for (const namespace of namespaces) wanted.add(namespace)
  await Promise.all(namespaces.map((namespace) => fetchWords(i18n.language as Lang, namespace)))
}

export async function startLanguage(lang: Lang, ...namespaces: Namespace[]) {
  for (const namespace of namespaces) wanted.add(namespace)
  await i18n.use(initReactI18next).init({
    lng: lang,
    fallbackLng: false,
    ns: ["common"],
    defaultNS: "common",
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
    saveMissing: true,
    react: { useSuspense: false },
    missingKeyHandler: (_lang, namespace, key) => {
      window.__missing ??= []
      window.__missing.push(`${namespace}:${key}`)
      console.error("missing words:", namespace, key)
    },
  })
  return setLanguage(lang)
}

export async function setLanguage(lang: Lang) {
  const [locale] = await Promise.all([antWordsOf(lang), ...[...wanted].map((namespace) => fetchWords(lang, namespace))])
  await i18n.changeLanguage(lang)
  localStorage.setItem("sg.lang", lang)
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en"
  return locale.default
}

/** Numbers, money and days in the reader's language and the shop's currency. */
export function useFormats(): Formats {
  const { lang, currency } = useContext(SettingsContext)
  return useMemo(() => formats(lang, currency), [lang, currency])
}
