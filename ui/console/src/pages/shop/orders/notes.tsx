import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Button, Input } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import { sentenceOf } from "../../../parts/trouble"
import { renew, type Order } from "./asks"

/** What people of the shop keep in mind about an order; its buyer never sees it. */
export function Notes({ order }: { order: Order }) {
  const { t } = useTranslation("orders")
  const f = useFormats()
  const { notification } = useNotices()
  const queries = useQueryClient()
  const [text, setText] = useState("")
  const add = useMutation({
    mutationFn: () => take(client.POST("/v1/trade/orders/{order_id}/notes", { params: { path: { order_id: order.order_id } }, body: { text } })),
    onSuccess: () => {
      setText("")
      void renew(queries, order.order_id)
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  return (
    <section className="sheet pad">
      <h2>{t("notes.title")}</h2>
      <p className="soft small">{t("notes.means")}</p>
      {order.notes.length > 0 && (
        <ul className="book ordernotes">
          {order.notes.map((one, place) => (
            <li key={`${one.at} ${place}`}>
              {one.text}
              <span className="block soft small num">{t("notes.by", { who: one.by, at: f.moment(one.at) })}</span>
            </li>
          ))}
        </ul>
      )}
      <div className="stack notenew">
        <Input.TextArea rows={2} maxLength={1000} value={text} onChange={(event) => setText(event.target.value)} aria-label={t("notes.text")} placeholder={t("notes.text")} />
        <div>
          <Button size="small" disabled={!text.trim()} loading={add.isPending} onClick={() => add.mutate()}>
            {t("notes.add")}
          </Button>
        </div>
      </div>
    </section>
  )
}
