import type { Lang } from "./format"

/** Answers asked for before the console's code has arrived; each serves the first question of its address. */
const early = new Map<string, Promise<Response>>()
const known = "sg.known"

/** Only a browser that was signed in asks early, so that the way in logs no refusal. */
export const rememberSignedIn = (yes: boolean) => (yes ? localStorage.setItem(known, "1") : localStorage.removeItem(known))

/** When the browser has nothing better to do: for code that the first page does not show. */
export function idle(run: () => void) {
  if (window.requestIdleCallback) window.requestIdleCallback(run, { timeout: 4000 })
  else window.setTimeout(run, 400)
}

type File = { default: object }
const files = import.meta.glob<File>("../locales/*/*.json")
const ant = { zh: () => import("antd/locale/zh_CN"), en: () => import("antd/locale/en_US") }

/** Words of a namespace, and those of AntD; asked twice, they are fetched once. */
export const wordsOf = (lang: Lang, namespace: string) => files[`../locales/${lang}/${namespace}.json`]?.()
export const antWordsOf = (lang: Lang) => ant[lang]()

/** What every page needs words of. */
export const everywhere = ["common", "shopnames"] as const

/** Chinese first: English only for a person who chose it. */
export const firstLanguage = (): Lang => (localStorage.getItem("sg.lang") === "en" ? "en" : "zh")

/** Whether this load begins on the first page. */
export const firstIsToday = () => /^\/console(\/today)?\/?$/.test(location.pathname)

export function askEarly(...addresses: string[]) {
  if (!localStorage.getItem(known)) return
  const headers = { accept: "application/json", "accept-language": firstLanguage() }
  for (const address of addresses) {
    const answer = fetch(address, { headers, credentials: "same-origin" })
    answer.catch(() => undefined) // whoever takes it hears of the failure
    early.set(address, answer)
  }
}

/** `fetch`, except that an answer already under way is taken, once. */
export function fetchEarly(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  const address = pathname + search
  const found = request.method === "GET" ? early.get(address) : undefined
  early.delete(address)
  return found ?? fetch(request)
}
