import { InputNumber } from "antd"
import { useContext } from "react"
import { SettingsContext } from "../../../lib/settings"

type Props = { value?: number | null; onChange?(minor: number | null): void; id?: string; label?: string; min?: number; placeholder?: string; share?: boolean }

/** An amount as people write it, kept in minor units; share: a percentage kept in basis points. */
export function Amount({ value, onChange, id, label, min = 0, placeholder, share = false }: Props) {
  const { currency, lang } = useContext(SettingsContext)
  const format = new Intl.NumberFormat(lang, { style: "currency", currency, currencyDisplay: "narrowSymbol" })
  const digits = share ? 2 : (format.resolvedOptions().maximumFractionDigits ?? 2)
  const sign = share ? "%" : (format.formatToParts(0).find((part) => part.type === "currency")?.value ?? currency)
  const unit = 10 ** digits
  return (
    <InputNumber
      id={id}
      aria-label={label}
      className="amount"
      value={value === null || value === undefined ? null : value / unit}
      min={min}
      max={share ? 100 : 1e8}
      precision={digits}
      controls={false}
      placeholder={placeholder}
      {...(share ? { suffix: sign } : { prefix: sign })}
      onChange={(typed) => onChange?.(typed === null ? null : Math.round(Number(typed) * unit))}
    />
  )
}
