import { useQuery } from "@tanstack/react-query"
import { Button, Select } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { ExportChoice, ExportColumn, ExportFile } from "../../../lib/shapes"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { Encoding } from "./found"
import { useExportWords } from "./words"

type Choosing = { file: ExportFile; choice: ExportChoice | undefined; onChoose(patch: Partial<ExportChoice>): void }

/** One file: what it is taken for, every column with its meaning, and its first rows as they would be imported. */
export function FileCard({ file, choice, onChoose }: Choosing) {
  const { t } = useTranslation("exports")
  const f = useFormats()
  const words = useExportWords()
  const known = useQuery(ask.exportReports()).data ?? []
  const value = file.system && file.report ? `${file.system}/${file.report}` : undefined
  const take = (chosen: string) => {
    const [system, report] = chosen.split("/")
    onChoose({ system: system as ExportChoice["system"], report, columns: {} })
  }
  const fields = known.find((one) => one.system === file.system && one.key === file.report)?.fields ?? []
  return (
    <section className="sheet pad exportfile" aria-label={file.name}>
      <h2>{file.name}</h2>
      <p className="soft small num">
        {t("facts", { rows: file.rows, encoding: (file.encoding ?? "").toUpperCase(), line: f.whole(file.header_line ?? 1) })}
      </p>
      <div className="row chosen">
        <label>
          <span>{t("taken")}</span>
          <Select
            aria-label={t("reportLabel", { file: file.name })}
            placeholder={t("ask")}
            value={value}
            onChange={take}
            options={known.map((one) => ({
              value: `${one.system}/${one.key}`,
              label: t("reportOf", { system: words.system(one.system), report: words.report(one.key) }),
            }))}
          />
        </label>
        {file.separator && (
          <label>
            <span>{t("encoding")}</span>
            <Encoding file={file.name} value={choice?.encoding} onChange={(encoding) => onChoose({ encoding })} />
          </label>
        )}
      </div>
      {file.report && <Mapping file={file} fields={fields} choice={choice} onChoose={onChoose} />}
      {file.sample.length > 0 && <Sample file={file} />}
    </section>
  )
}

type Known = { key: string; required: boolean }

function Mapping({ file, fields, choice, onChoose }: Choosing & { fields: Known[] }) {
  const { t } = useTranslation("exports")
  const words = useExportWords()
  const [all, setAll] = useState(false)
  const taken = file.columns.filter((one) => one.field || (choice?.columns && one.name in choice.columns))
  const others = file.columns.filter((one) => one.name && !taken.includes(one))
  const shown = all || file.missing.length ? [...taken, ...others] : taken
  const options = [
    { value: "", label: t("leave") },
    ...fields.map((one) => ({ value: one.key, label: words.field(one.key) })),
  ]
  const mean = (column: ExportColumn, field: string) => {
    const columns = { ...choice?.columns, [column.name]: field || null }
    const before = file.columns.find((one) => field && one.field === field && one.name !== column.name)
    if (before) columns[before.name] = null
    onChoose({ columns })
  }
  return (
    <>
      <h3 className="gap">{t("mapping")}</h3>
      <div className="scroll" tabIndex={0} role="region" aria-label={t("mapping")}>
        <table className="plaintable mapping">
          <thead>
            <tr>
              <th scope="col">{t("column")}</th>
              <th scope="col">{t("means")}</th>
              <th scope="col" className="nophone">{t("how")}</th>
              <th scope="col" className="nophone">{t("example")}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((column) => (
              <tr key={column.name}>
                <th scope="row">{column.name}</th>
                <td>
                  <Select
                    aria-label={t("meansLabel", { column: column.name })}
                    size="small"
                    showSearch={{ optionFilterProp: "label" }}
                    value={column.field ?? ""}
                    onChange={(field) => mean(column, field)}
                    options={options}
                  />
                </td>
                <td className="soft nophone">{column.how ? t(`why.${column.how}`) : ""}</td>
                <td className="nophone">
                  <code>{column.example ?? ""}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {!all && !file.missing.length && others.length > 0 && (
        <Button type="link" size="small" onClick={() => setAll(true)}>
          {t("othersShow", { count: others.length })}
        </Button>
      )}
    </>
  )
}

function Sample({ file }: { file: ExportFile }) {
  const { t } = useTranslation("exports")
  return (
    <details className="sample">
      <summary>{t("sample")}</summary>
      <div className="scroll" tabIndex={0} role="region" aria-label={t("sampleOf", { file: file.name })}>
        <table className="plaintable">
          <thead>
            <tr>
              {file.sample_columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {file.sample.map((row, place) => (
              <tr key={place}>
                {row.map((value, column) => (
                  <td key={column} className="num">
                    {value ?? ""}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
