import { createContext, useContext } from "react"
import type { Lang } from "./format"
import type { Mode } from "./theme"

export interface Settings {
  mode: Mode
  setMode(mode: Mode): void
  lang: Lang
  setLang(lang: Lang): void
  currency: string
}

export const SettingsContext = createContext<Settings>({
  mode: "light",
  setMode: () => undefined,
  lang: "zh",
  setLang: () => undefined,
  currency: "USD",
})

export const useSettings = () => useContext(SettingsContext)
