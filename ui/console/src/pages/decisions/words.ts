import { useTranslation } from "react-i18next"
import { useFormats } from "../../lib/i18n"

const units = ["buyers", "customers", "units"] as const

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
