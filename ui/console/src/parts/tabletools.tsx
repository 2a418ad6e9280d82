import { useState } from "react"
import { useTranslation } from "react-i18next"
import { address, type Query } from "../lib/api"
import { useNotices } from "../lib/notices"
import type { FileKind, FileOf } from "../lib/queries"
import { Menu, type MenuItem } from "./menu"
import { SavedViews } from "./savedviews"
import type { Column } from "./table"
import { sentenceOf } from "./trouble"

export function download(name: string, file: Blob) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}

/** A file asked for by a button: whether it is on its way, and how to fetch it; a refusal is said. */
export function useFile(name: string, ask: () => Promise<Blob>) {
  const { notification } = useNotices()
  const [busy, setBusy] = useState(false)
  async function save() {
    setBusy(true)
    try {
      download(name, await ask())
    } catch (problem) {
      void notification.error({ title: sentenceOf(problem), duration: 8 })
    } finally {
      setBusy(false)
    }
  }
  return { busy, save: () => void save() }
}

/** The call that a program would make for the same rows. */
export type Call = { path: string; query: Query }

type Props<T> = {
  name: string
  file: FileOf
  call?: Call
  /** Saved views need an address of their own: the page's first word. */
  views?: boolean
  columns?: Column<T>[]
  hidden?: Set<string>
  onHide?(key: string, hide: boolean): void
}

/** What every table offers: its views, its columns, all its rows as a file, and the call behind them. */
export function TableTools<T>({ name, file, call, views, columns, hidden, onHide }: Props<T>) {
  const { t } = useTranslation("common")
  const { message } = useNotices()
  const [busy, setBusy] = useState(false)
  async function save(format: FileKind) {
    if (busy) return
    setBusy(true)
    const done = message.loading(t("table.making"), 0)
    try {
      download(`${name}.${format}`, await file(format))
    } catch (problem) {
      void message.error(sentenceOf(problem))
    } finally {
      done()
      setBusy(false)
    }
  }
  async function copy(call: Call) {
    const url = new URL(address(call.path, call.query), location.origin)
    await navigator.clipboard.writeText(`curl -H "Authorization: Bearer $SHENGENG_TOKEN" "${url.href}"`)
    void message.success(t("table.copied"))
  }
  const actions: MenuItem[] = [
    { key: "xlsx", label: t("table.xlsx"), run: () => void save("xlsx") },
    { key: "csv", label: t("table.csv"), run: () => void save("csv") },
    ...(call ? [{ key: "api", label: t("table.api"), run: () => void copy(call) }] : []),
  ]
  const choices: MenuItem[] = (columns ?? []).slice(1).map((column) => ({
    key: column.key,
    label: column.title,
    checked: !hidden?.has(column.key),
    run: () => onHide?.(column.key, !hidden?.has(column.key)),
  }))
  return (
    <div className="end">
      {views && <SavedViews page={name} />}
      {onHide && <Menu label={t("table.columns")} items={choices} keep />}
      <Menu label={t("table.menu")} items={actions} />
    </div>
  )
}
