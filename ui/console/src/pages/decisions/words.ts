import { useTranslation } from "react-i18next"
import { useFormats } from "../../lib/i18n"

const units = ["buyers", "customers", "units"] as const

/** Forecasts that one decision meets or does not: its forecast is a chance, its outcome a word. */
const met = {
  buyers: { yes: "bought", no: "notBought", chance: "chance" },
  customers: { yes: "came", no: "notCame", chance: "chanceComes" },
} as const

export function outcomeOf(unit: string) {
  return unit === "buyers" || unit === "customers" ? met[unit] : null
}

/** A forecast with its unit: "96 households", "8,200 units". */
export function useUnitWords() {
  const { t } = useTranslation("common")
  const f = useFormats()
  return (unit: string, value: number) => {
    if (unit === "minor" || unit === "money") return f.money(value)
    const known = units.find((one) => one === unit)
    const name = known ? t(`unit.${known}`) : t("unit.other", { unit })
    return `${f.quantity(Math.round(value * 10) / 10)} ${name}`
  }
}
