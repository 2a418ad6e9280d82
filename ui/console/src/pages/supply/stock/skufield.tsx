import { useQuery } from "@tanstack/react-query"
import { AutoComplete, Input } from "antd"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { asks } from "./asks"
import { Goods } from "./goods"

type Props = { label: string; value: string; onChange(sku: string): void; disabled?: boolean; autoFocus?: boolean }

/** A sku, found by what its product is called; one that the catalogue does not know is told. */
export function SkuField({ label, value, onChange, disabled, autoFocus }: Props) {
  const { t } = useTranslation("stock")
  const [asked, setAsked] = useState(value)
  useEffect(() => {
    const wait = setTimeout(() => setAsked(value.trim()), 220)
    return () => clearTimeout(wait)
  }, [value])
  const found = useQuery({ ...asks.variants(asked), enabled: !!asked && !disabled })
  const rows = asked ? (found.data ?? []) : []
  const unknown = !!asked && asked === value.trim() && found.isSuccess && !rows.some((row) => row.sku === asked)
  const options = rows.map((row) => ({
    value: row.sku,
    label: (
      <span className="skuoption">
        <span>
          <Goods of={row} />
        </span>
        <span className="soft small">{row.sku}</span>
      </span>
    ),
  }))
  return (
    <div className="skufield">
      <AutoComplete value={value} options={options} onChange={(sku: string) => onChange(sku)} disabled={disabled} popupMatchSelectWidth={320} style={{ width: "100%" }}>
        <Input aria-label={label} placeholder={t("findSku")} maxLength={200} autoFocus={autoFocus} autoComplete="off" />
      </AutoComplete>
      {unknown && <p className="soft small skuhint">{t("unknownSku")}</p>}
    </div>
  )
}
