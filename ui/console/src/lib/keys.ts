import { useEffect, useRef, type RefObject } from "react"

const typing = (target: EventTarget | null) =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement

/** While an overlay opens or is open, single letters belong to it: an `a` must never approve behind it. */
let overlays = 0
export function holdKeys(): () => void {
  overlays += 1
  return () => {
    overlays -= 1
  }
}

export const plainKey = (event: KeyboardEvent) =>
  !(event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || overlays > 0) &&
  !document.querySelector("[role=dialog],[role=menu]")

type Actions = Partial<Record<string, (row: number) => void>>

/** j and k walk the rows of a list; the other keys act on the row that has the focus. */
export function useRowKeys(list: RefObject<HTMLElement | null>, selector: string, actions: Actions) {
  const latest = useRef(actions)
  latest.current = actions
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!plainKey(event)) return
      const rows = [...(list.current?.querySelectorAll<HTMLElement>(selector) ?? [])]
      const at = rows.findIndex((row) => row.contains(document.activeElement))
      if (event.key === "j" || event.key === "k") {
        event.preventDefault()
        const to = Math.max(0, Math.min(rows.length - 1, at + (event.key === "j" ? 1 : -1)))
        rows[to]?.focus()
        rows[to]?.scrollIntoView({ block: "nearest" })
        return
      }
      const act = latest.current[event.key]
      const onRow = event.key !== "Enter" || rows[at] === document.activeElement
      if (act && at >= 0 && onRow) {
        event.preventDefault()
        act(at)
      }
    }
    addEventListener("keydown", onKey)
    return () => removeEventListener("keydown", onKey)
  }, [list, selector])
}
