import { AutoComplete, Select } from "antd"
import { useState, type ReactNode } from "react"
import { useTranslation } from "react-i18next"
import type { ExportChoice, ExportPreview } from "../../../lib/shapes"
import { useFormats } from "../../../lib/i18n"
import { Term } from "../../../parts/explain"
import { encodings, useExportWords } from "./words"

const zones: string[] = Intl.supportedValuesOf("timeZone")
const currencies: string[] = Intl.supportedValuesOf("currency")
const counts = ["orders", "lines", "products", "customers", "left_out"] as const

type Summing = { preview: ExportPreview; onTimezone(value: string | null): void; onCurrency(value: string): void; children: ReactNode }

/** What the files come to as a whole, the shop's clock and money, and the way on. */
export function Summary({ preview, onTimezone, onCurrency, children }: Summing) {
  const { t } = useTranslation(["exports", "common"])
  const f = useFormats()
  const words = useExportWords()
  return (
    <section className="sheet pad totals" aria-labelledby="recognised">
      <h2 id="recognised">{preview.system ? t("recognised", { system: words.system(preview.system) }) : t("unrecognised")}</h2>
      <dl className="sums">
        {counts.map((key) => (
          <div key={key}>
            <dt>{t(`count.${key}`)}</dt>
            <dd className="big num">{f.whole(preview[key])}</dd>
          </div>
        ))}
        <div>
          <dt>
            <Term of="identified" n={preview.orders}>
              {t("identified")}
            </Term>
          </dt>
          <dd className="big num">{preview.share_identified === null ? t("common:unknown") : f.percent(preview.share_identified, 1)}</dd>
        </div>
        {preview.first_on && preview.last_on && (
          <div>
            <dt>{t("span")}</dt>
            <dd className="num">{t("common:range", { low: f.day(preview.first_on), high: f.day(preview.last_on) })}</dd>
          </div>
        )}
      </dl>
      <div className="row chosen">
        <Zone preview={preview} onTimezone={onTimezone} />
        <label>
          <span>{t("currency")}</span>
          <Select
            aria-label={t("currency")}
            showSearch
            value={preview.currency ?? undefined}
            placeholder="CNY"
            onChange={onCurrency}
            options={currencies.map((value) => ({ value, label: value }))}
          />
          <span className="soft small">{preview.currency_from ? t(`from.${preview.currency_from}`) : t("fromNone")}</span>
        </label>
      </div>
      <div className="row go">{children}</div>
    </section>
  )
}

function Zone({ preview, onTimezone }: Pick<Summing, "preview" | "onTimezone">) {
  const { t } = useTranslation("exports")
  const [typed, setTyped] = useState<string | null>(null)
  const shown = typed ?? preview.timezone ?? ""
  const type = (value: string) => {
    setTyped(value)
    if (zones.includes(value)) onTimezone(value)
    else if (!value) onTimezone(null)
  }
  return (
    <label>
      <span>{t("timezone")}</span>
      <AutoComplete
        aria-label={t("timezone")}
        value={shown}
        onChange={type}
        placeholder="Asia/Shanghai"
        options={zones
          .filter((zone) => zone.toLowerCase().includes(shown.toLowerCase()))
          .slice(0, 40)
          .map((value) => ({ value }))}
      />
      <span className="soft small">{preview.timezone_from ? t(`from.${preview.timezone_from}`) : t("fromNone")}</span>
    </label>
  )
}

const tone = { stop: "failed", odd: "waiting", note: "executed" } as const

type Told = { preview: ExportPreview; choices: Record<string, ExportChoice>; onChoose(name: string, patch: Partial<ExportChoice>): void }

/** Everything missing, odd or assumed; what can be answered is answered here. */
export function Problems({ preview, choices, onChoose }: Told) {
  const { t } = useTranslation("exports")
  if (!preview.problems.length) return <p className="soft">{t("problemsNone")}</p>
  return (
    <section className="sheet pad" aria-labelledby="problems">
      <h2 id="problems">{t("problems")}</h2>
      <ul className="toldlist">
        {preview.problems.map((one, place) => {
          const file = one.file ?? ""
          return (
            <li key={`${one.code}-${place}`}>
              <span className={`state ${tone[one.level]}`}>{t(`level.${one.level}`)}</span>
              <span>{one.sentence}</span>
              {one.code === "which_encoding" && (
                <Encoding file={file} value={choices[file]?.encoding} onChange={(encoding) => onChoose(file, { encoding })} />
              )}
              {one.code === "which_dates" && (
                <Select
                  aria-label={t("datesLabel")}
                  placeholder={t("ask")}
                  value={choices[file]?.dates ?? undefined}
                  onChange={(dates) => onChoose(file, { dates })}
                  options={(["day_first", "month_first"] as const).map((value) => ({ value, label: t(value) }))}
                />
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

type Coding = NonNullable<ExportChoice["encoding"]>

export function Encoding({ file, value, onChange }: { file: string; value: Coding | null | undefined; onChange(value: Coding): void }) {
  const { t } = useTranslation("exports")
  return (
    <Select
      aria-label={t("encodingLabel", { file })}
      placeholder={t("encodingAuto")}
      value={value ?? undefined}
      onChange={onChange}
      options={encodings.map((one) => ({ value: one, label: one.toUpperCase() }))}
    />
  )
}
