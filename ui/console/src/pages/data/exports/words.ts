import { useTranslation } from "react-i18next"
import type fields from "../../../locales/en/exports.json"
import { oneOf } from "../../../lib/url"

export const systems = ["shopify", "tmall", "douyin", "woocommerce"] as const
export const reports = ["orders", "items", "customers", "products"] as const
export const encodings = ["utf-8", "gb18030", "latin-1", "utf-16"] as const
const screens = ["customers", "value", "reminders", "demand", "stock_up"] as const
type Field = keyof (typeof fields)["field"]

/** Names of systems, reports, fields and screens as people read them. */
export function useExportWords() {
  const { t } = useTranslation("exports")
  return {
    system: (key: string | null) => {
      const known = oneOf(key ?? "", systems)
      return known ? t(`system.${known}`) : t("unrecognised")
    },
    report: (key: string | null) => {
      const known = oneOf(key ?? "", reports)
      return known ? t(`report.${known}`) : t("unrecognised")
    },
    field: (key: string) => t(`field.${key as Field}`),
    screen: (key: string) => {
      const known = oneOf(key, screens)
      return known ? t(`screen.${known}`) : key
    },
  }
}
