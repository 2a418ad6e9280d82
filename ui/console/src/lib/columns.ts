import { useUrl } from "./url"

type Named = { key: string; extra?: boolean }

/** Which columns are hidden, as one word; "extra" columns start hidden. */
export function hiddenColumns(columns: Named[], word: string): Set<string> {
  if (word === "") return new Set(columns.filter((column) => column.extra).map((column) => column.key))
  return new Set(word === "-" ? [] : word.split("."))
}

export function hideWord(hidden: Set<string>, key: string, hide: boolean): string {
  const next = new Set(hidden)
  if (hide) next.add(key)
  else next.delete(key)
  return next.size ? [...next].join(".") : "-"
}

/** The columns of one table as this person chose them here last; a link that names its own wins. */
export function useHidden(table: string, columns: Named[]) {
  const [url, setUrl] = useUrl({ cols: "" })
  const kept = `sg.cols.${table}`
  const hidden = hiddenColumns(columns, url.cols || (localStorage.getItem(kept) ?? ""))
  const onHide = (key: string, hide: boolean) => {
    const word = hideWord(hidden, key, hide)
    localStorage.setItem(kept, word)
    setUrl({ cols: word }, true)
  }
  return { hidden, onHide }
}
