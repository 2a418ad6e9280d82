import type { message, notification } from "antd"
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ComponentType, type ReactNode } from "react"
import { idle } from "./early"

type Toasts = ReturnType<typeof notification.useNotification>[0]
type Notes = ReturnType<typeof message.useMessage>[0]
/** What AntD's two boards answer to, once their code is there. */
export type Boards = { notification: Toasts; message: Notes }
type Toast = Parameters<Toasts["open"]>[0]
type Notices = {
  notification: { open(toast: Toast): void; error(toast: Toast): void; destroy(key: string): void }
  /** `loading` answers with the way to take the note away. */
  message: { error(text: string): void; success(text: string): void; loading(text: string, seconds: number): () => void }
}

const NoticesContext = createContext<Notices | null>(null)

/** The same calls as AntD's, which wait for the boards when something is said before they stand. */
function noticesBy(boards: () => Promise<Boards>): Notices {
  const say = (what: (on: Boards) => unknown) => void boards().then(what)
  return {
    notification: {
      open: (toast) => say((on) => on.notification.open(toast)),
      error: (toast) => say((on) => on.notification.error(toast)),
      destroy: (key) => say((on) => on.notification.destroy(key)),
    },
    message: {
      error: (text) => say((on) => on.message.error(text)),
      success: (text) => say((on) => on.message.success(text)),
      loading: (text, seconds) => {
        // In a box of its own: a note is a promise too, of its end, and would be waited for.
        const shown = boards().then((on) => ({ close: on.message.loading(text, seconds) }))
        return () => void shown.then((note) => note.close())
      },
    },
  }
}

type BoardProps = { onReady(boards: Boards): void }

/** Toasts and notes under the console's theme. Their code is fetched at idle or with the first of them, not with the first page. */
export function NoticesProvider({ children }: { children: ReactNode }) {
  const [Board, setBoard] = useState<ComponentType<BoardProps> | null>(null)
  const standing = useRef<{ boards: Promise<Boards>; onReady(boards: Boards): void } | null>(null)
  const fetchBoards = useCallback(() => {
    if (!standing.current) {
      let onReady: BoardProps["onReady"] = () => undefined
      const boards = new Promise<Boards>((resolve) => (onReady = resolve))
      standing.current = { boards, onReady }
      void import("../parts/board").then((module) => setBoard(() => module.Board))
    }
    return standing.current
  }, [])
  useEffect(() => idle(() => void fetchBoards()), [fetchBoards])
  const notices = useMemo(() => noticesBy(() => fetchBoards().boards), [fetchBoards])
  return (
    <NoticesContext value={notices}>
      {children}
      {Board && <Board onReady={(boards) => standing.current?.onReady(boards)} />}
    </NoticesContext>
  )
}

export function useNotices(): Notices {
  const found = useContext(NoticesContext)
  if (!found) throw new Error("useNotices needs a NoticesProvider above it")
  return found
}
