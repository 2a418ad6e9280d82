import { useCallback, useEffect, useRef, useState } from "react"
import { useBlocker } from "react-router"
import type { Definition } from "./language"

/** What is being edited: everything that saving writes. */
export type Draft = { name: string; note: string; definition: Definition }
type Steps = { version: number | null; past: Draft[]; now: Draft; future: Draft[] }

const MOST_STEPS = 100
const TOGETHER_MS = 900 // letters typed within this time are one step back

const place = (key: string) => `sg.audience.${key}`

function kept(key: string): Steps | null {
  try {
    return JSON.parse(sessionStorage.getItem(place(key)) ?? "null") as Steps | null
  } catch {
    return null
  }
}

export const forget = (key: string) => sessionStorage.removeItem(place(key))

/** A draft with its steps back and forward, which a reload of this tab does not lose. `version` is the one it began from, `first` a template. */
export function useDraft(key: string, start: Draft, version: number | null, first = start) {
  const [steps, setSteps] = useState<Steps>(() => kept(key) ?? { version, past: [], now: first, future: [] })
  const last = useRef({ tag: "", at: 0 })
  const saved = JSON.stringify(start)
  const dirty = JSON.stringify(steps.now) !== saved
  useEffect(() => {
    if (dirty) sessionStorage.setItem(place(key), JSON.stringify(steps))
    else forget(key)
  }, [key, steps, dirty])
  /** `tag` names what is typed into: its letters make one step. */
  const edit = useCallback((make: (now: Draft) => Draft, tag = "") => {
    const at = Date.now()
    const together = tag !== "" && last.current.tag === tag && at - last.current.at < TOGETHER_MS
    last.current = { tag, at }
    setSteps((old) => {
      const now = make(old.now)
      if (JSON.stringify(now) === JSON.stringify(old.now)) return old
      return { ...old, past: together ? old.past : [...old.past, old.now].slice(-MOST_STEPS), now, future: [] }
    })
  }, [])
  const undo = useCallback(() => {
    last.current.tag = ""
    setSteps((old) => {
      const now = old.past.at(-1)
      return now ? { ...old, past: old.past.slice(0, -1), now, future: [old.now, ...old.future] } : old
    })
  }, [])
  const redo = useCallback(() => {
    setSteps((old) => {
      const [now, ...future] = old.future
      return now ? { ...old, past: [...old.past, old.now], now, future } : old
    })
  }, [])
  const restart = useCallback((now: Draft, from: number | null) => setSteps({ version: from, past: [], now, future: [] }), [])
  return { ...steps, dirty, edit, undo, redo, restart, canUndo: steps.past.length > 0, canRedo: steps.future.length > 0 }
}

const typing = (target: EventTarget | null) =>
  target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && !/checkbox|radio/.test(target.type))

/** Ctrl+Z and Ctrl+Shift+Z wherever nobody types: inside a field they belong to the field. */
export function useUndoKeys(undo: () => void, redo: () => void) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || typing(event.target)) return
      const key = event.key.toLowerCase()
      if (key !== "z" && key !== "y") return
      event.preventDefault()
      if (key === "y" || event.shiftKey) redo()
      else undo()
    }
    addEventListener("keydown", onKey)
    return () => removeEventListener("keydown", onKey)
  }, [undo, redo])
}

/** Holds somebody who leaves with unsaved changes until they have said so; `free` lets the page itself go on. */
export function useHeld(dirty: boolean) {
  const free = useRef(false)
  useEffect(() => {
    if (!dirty) return
    const stay = (event: BeforeUnloadEvent) => {
      if (!free.current) event.preventDefault()
    }
    addEventListener("beforeunload", stay)
    return () => removeEventListener("beforeunload", stay)
  }, [dirty])
  const blocker = useBlocker(({ currentLocation, nextLocation }) => dirty && !free.current && currentLocation.pathname !== nextLocation.pathname)
  return { blocker, free }
}
