import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useNotices } from "../lib/notices"
import type { Page } from "../lib/shapes"
import { address, type Query } from "../lib/api"
import { Menu, type MenuItem } from "./menu"
import type { Cell, Column } from "./table"
import { sentenceOf } from "./trouble"

type Fetch<T> = (place: { cursor: string | null; limit: number }) => Promise<Page<T>>

const most = 5000

/** All rows that the filter names, page after page, up to a limit that a spreadsheet still likes. */
async function everything<T>(fetch: Fetch<T>): Promise<{ rows: T[]; cut: boolean }> {
  const rows: T[] = []
  let cursor: string | null = null
  do {
    const page: Page<T> = await fetch({ limit: 200, cursor })
    rows.push(...page.rows)
    cursor = page.next
  } while (cursor && rows.length < most)
  return { rows: rows.slice(0, most), cut: cursor !== null || rows.length > most }
}

/** A cell as spreadsheets take it; a leading = + - @ would run as a formula there, so it gets a quote. */
export function csvCell(value: Cell): string {
  if (value === null || value === undefined) return ""
  if (typeof value === "number") return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export function csvOf<T>(columns: Column<T>[], rows: T[]): string {
  const kept = columns.filter((column) => column.csv)
  const lines = [kept.map((column) => csvCell(column.key)), ...rows.map((row) => kept.map((column) => csvCell(column.csv?.(row))))]
  return `\ufeff${lines.map((line) => line.join(",")).join("\r\n")}\r\n`
}

function download(name: string, text: string) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}

type Props<T> = {
  name: string
  path: string
  filter: Query
  fetch: Fetch<T>
  columns: Column<T>[]
  hidden?: Set<string>
  onHide?(key: string, hide: boolean): void
}

/** What every list offers: its columns, its rows as CSV, and the call that a program would make for them. */
export function TableTools<T>({ name, path, filter, fetch, columns, hidden, onHide }: Props<T>) {
  const { t } = useTranslation("common")
  const { message } = useNotices()
  const [busy, setBusy] = useState(false)
  async function saveCsv() {
    setBusy(true)
    try {
      const { rows, cut } = await everything(fetch)
      download(`${name}.csv`, csvOf(columns, rows))
      if (cut) void message.info(t("table.partial", { count: most }))
    } catch (problem) {
      void message.error(sentenceOf(problem))
    } finally {
      setBusy(false)
    }
  }
  async function copyCall() {
    const url = new URL(address(path, filter), location.origin)
    await navigator.clipboard.writeText(`curl -H "Authorization: Bearer $SHENGENG_TOKEN" "${url.href}"`)
    void message.success(t("table.copied"))
  }
  const actions: MenuItem[] = [
    { key: "csv", label: t("table.csv"), run: () => void (busy || saveCsv()) },
    { key: "api", label: t("table.api"), run: () => void copyCall() },
  ]
  const choices: MenuItem[] = columns.slice(1).map((column) => ({
    key: column.key,
    label: column.title,
    checked: !hidden?.has(column.key),
    run: () => onHide?.(column.key, !hidden?.has(column.key)),
  }))
  return (
    <div className="end">
      {onHide && <Menu label={t("table.columns")} items={choices} keep />}
      <Menu label={t("table.menu")} items={actions} />
    </div>
  )
}

/** Which columns are hidden, as one word in the address; "extra" columns start hidden. */
export function hiddenColumns<T>(columns: Column<T>[], word: string): Set<string> {
  if (word === "") return new Set(columns.filter((column) => column.extra).map((column) => column.key))
  return new Set(word === "-" ? [] : word.split("."))
}

export function hideWord(hidden: Set<string>, key: string, hide: boolean): string {
  const next = new Set(hidden)
  if (hide) next.add(key)
  else next.delete(key)
  return next.size ? [...next].join(".") : "-"
}
