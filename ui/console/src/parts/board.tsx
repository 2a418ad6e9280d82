import { message, notification } from "antd"
import { useEffect } from "react"
import type { Boards } from "../lib/notices"

/** Where toasts and notes appear; AntD's own App would bring its dialogs along. */
export function Board({ onReady }: { onReady(boards: Boards): void }) {
  const [toast, toasts] = notification.useNotification({ placement: "bottomLeft", maxCount: 3 })
  const [note, notes] = message.useMessage({ maxCount: 2 })
  // The first answer counts: AntD hands out the same calls on every render.
  useEffect(() => onReady({ notification: toast, message: note }), [onReady, toast, note])
  return (
    <>
      {toasts}
      {notes}
    </>
  )
}
