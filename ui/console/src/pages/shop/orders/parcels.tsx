import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Button } from "antd"
import { useTranslation } from "react-i18next"
import { atLeast, client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import type { Role } from "../../../lib/shapes"
import { sentenceOf } from "../../../parts/trouble"
import { renew, type Order, type Parcel } from "./asks"

/** The parcels of an order: which units, by whom, where they are. */
export function Parcels({ order, role }: { order: Order; role: Role | undefined }) {
  const { t, i18n } = useTranslation("orders")
  const f = useFormats()
  const { message, notification } = useNotices()
  const queries = useQueryClient()
  const zh = i18n.language === "zh"
  const arrive = useMutation({
    mutationFn: (one: Parcel) =>
      take(client.POST("/v1/trade/shipments/{shipment_id}/events", { params: { path: { shipment_id: one.shipment_id } }, body: { kind: "delivered", where: "", note: "" } })),
    onSuccess: (_, one) => {
      message.success(t("delivered.done", { number: one.number }))
      void renew(queries, order.order_id)
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  return (
    <section className="sheet pad">
      <h2>{t("parcels.title")}</h2>
      {order.parcels.length === 0 && <p className="soft after0">{t("parcels.none")}</p>}
      <ul className="book">
        {order.parcels.map((one) => (
          <li key={one.shipment_id}>
            <b>{t("parcels.of", { number: one.number })}</b> {zh ? one.carrier_name.zh : one.carrier_name.en} <span className="num">{one.tracking_number}</span>
            <ul className="pieces num">
              {one.pieces.map((piece) => (
                <li key={`${piece.line_no} ${piece.location_id}`}>{t("parcels.line", { line: piece.line_no, quantity: f.whole(piece.quantity), sku: piece.sku })}</li>
              ))}
            </ul>
            <span className="soft small">
              {t("parcels.sent", { at: f.moment(one.shipped_at) })}
              {one.delivered_at && ` · ${t("parcels.delivered", { at: f.moment(one.delivered_at) })}`}
            </span>
            {!one.delivered_at && atLeast(role, "operator") && (
              <p className="after0">
                <Button size="small" loading={arrive.isPending} onClick={() => arrive.mutate(one)}>
                  {t("delivered.title")}
                </Button>
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
