import { message, notification } from "antd"
import { createContext, useContext, useMemo, type ReactNode } from "react"

type Notices = {
  notification: ReturnType<typeof notification.useNotification>[0]
  message: ReturnType<typeof message.useMessage>[0]
}

const NoticesContext = createContext<Notices | null>(null)

/** Toasts and notes under the console's theme; AntD's own App would bring its dialogs into the first page. */
export function NoticesProvider({ children }: { children: ReactNode }) {
  const [toast, toasts] = notification.useNotification({ placement: "bottomLeft", maxCount: 3 })
  const [note, notes] = message.useMessage({ maxCount: 2 })
  const both = useMemo(() => ({ notification: toast, message: note }), [toast, note])
  return (
    <NoticesContext value={both}>
      {children}
      {toasts}
      {notes}
    </NoticesContext>
  )
}

export function useNotices(): Notices {
  const found = useContext(NoticesContext)
  if (!found) throw new Error("useNotices needs a NoticesProvider above it")
  return found
}
