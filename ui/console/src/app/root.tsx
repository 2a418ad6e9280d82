import { useQuery } from "@tanstack/react-query"
import { ConfigProvider } from "antd"
import { useEffect, useMemo, useState, type ComponentType } from "react"
import { RouterProvider } from "react-router"
import { ask } from "../lib/queries"
import type { Lang } from "../lib/format"
import { setLanguage } from "../lib/i18n"
import { NoticesProvider } from "../lib/notices"
import { SettingsContext, type Settings } from "../lib/settings"
import { antTheme, paint, type Mode } from "../lib/theme"
import { makeRouter } from "./routes"

type Locale = Awaited<ReturnType<typeof setLanguage>>
type Props = { nonce: string | undefined; firstLang: Lang; firstLocale: Locale }

function firstMode(): Mode {
  const kept = localStorage.getItem("sg.mode")
  if (kept === "light" || kept === "dark") return kept
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"
}

function usePaint(mode: Mode) {
  useEffect(() => {
    const root = document.documentElement
    root.dataset.theme = mode
    root.style.colorScheme = mode
    for (const [name, colour] of Object.entries(paint[mode])) root.style.setProperty(`--${name}`, colour)
  }, [mode])
}

/** The router exists only for somebody who is signed in: its loaders ask for the shop's data at once. */
function Signed() {
  const [router] = useState(makeRouter)
  return <RouterProvider router={router} />
}

/** Only somebody who is not signed in fetches the form. */
function SignIn() {
  const [Page, setPage] = useState<ComponentType | null>(null)
  useEffect(() => {
    void import("../pages/login").then((module) => setPage(() => module.LoginPage))
  }, [])
  return Page && <Page />
}

export function Root({ nonce, firstLang, firstLocale }: Props) {
  const [mode, keepMode] = useState<Mode>(firstMode)
  const [lang, keepLang] = useState(firstLang)
  const [locale, setLocale] = useState(firstLocale)
  const me = useQuery({ ...ask.me(), staleTime: Infinity })
  const shop = useQuery({ ...ask.shop(), enabled: !!me.data })
  // The currency of the last visit, so that no figure changes its sign when the shop's answer comes.
  const currency = shop.data?.currency || localStorage.getItem("sg.currency") || "USD"
  useEffect(() => {
    if (shop.data?.currency) localStorage.setItem("sg.currency", shop.data.currency)
  }, [shop.data?.currency])
  usePaint(mode)
  const settings = useMemo<Settings>(
    () => ({
      mode,
      lang,
      currency,
      setMode: (next) => {
        localStorage.setItem("sg.mode", next)
        keepMode(next)
      },
      setLang: (next) => {
        void setLanguage(next).then((words) => {
          setLocale(words)
          keepLang(next)
        })
      },
    }),
    [mode, lang, currency],
  )
  const theme = useMemo(() => antTheme(mode), [mode])
  return (
    <SettingsContext value={settings}>
      <ConfigProvider
        theme={theme}
        locale={locale}
        csp={nonce ? { nonce } : undefined}
        button={{ autoInsertSpace: false }}
        wave={{ disabled: true }}
      >
        <NoticesProvider>{me.data ? <Signed /> : me.isPending ? null : <SignIn />}</NoticesProvider>
      </ConfigProvider>
    </SettingsContext>
  )
}
