import { QueryClientProvider } from "@tanstack/react-query"
import { StrictMode } from "react"
import { createRoot } from "react-dom/client"
import { Root } from "./app/root"
import { client, setCsrf, take } from "./lib/api"
import { firstIsToday, firstLanguage, rememberSignedIn } from "./lib/early"
import { startLanguage } from "./lib/i18n"
import { ask, queries } from "./lib/queries"
import "./styles/base.css"
import "./styles/shell.css"
import "./styles/parts.css"
import "./styles/tables.css"
import "./styles/today.css"
import "./styles/pages.css"
import "./styles/shop.css"

const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce

/** Libraries that make a <style> without asking (AntD measures scroll bars that way) get the nonce too. */
function giveStylesTheNonce(value: string) {
  const make = document.createElement
  document.createElement = function (this: Document, tag: string, options?: ElementCreationOptions) {
    const element = make.call(this, tag, options)
    if (element instanceof HTMLStyleElement) element.nonce = value
    return element
  } as typeof make
}

async function start() {
  if (nonce) giveStylesTheNonce(nonce)
  const lang = firstLanguage()
  const [locale, me] = await Promise.all([
    startLanguage(lang, ...(firstIsToday() ? (["today"] as const) : [])),
    take(client.GET("/v1/me")).catch(() => null),
  ])
  rememberSignedIn(!!me)
  if (me) {
    setCsrf(me.csrf)
    queries.setQueryData(ask.me().queryKey, me)
  }
  createRoot(document.getElementById("root")!).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Root nonce={nonce} firstLang={lang} firstLocale={locale} />
      </QueryClientProvider>
    </StrictMode>,
  )
}

void start()
