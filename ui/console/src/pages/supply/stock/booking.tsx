import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Button, Input, InputNumber, Modal, Segmented, Select } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useNotices } from "../../../lib/notices"
import { sentenceOf } from "../../../parts/trouble"
import { renew, type Place } from "./asks"
import { SkuField } from "./skufield"
import { useWords } from "./words"

export const acts = ["receive", "adjust", "count", "transfer"] as const
export type Act = (typeof acts)[number]
type Line = { key: number; sku: string; place: string; units: number | null }
type Props = { act: Act; places: Place[]; sku: string; at: string; onAct(act: Act): void; onClose(): void }

const fresh = (key: number, place: string, sku = ""): Line => ({ key, sku, place, units: null })
/** Fewest units of a line by act: a loss is negative, a count may be none. */
const least = { receive: 1, adjust: -1_000_000, count: 0, transfer: 1 }

/** One booking of any kind. It carries an id of its own: sent twice, it is booked once. */
export function Booking({ act, places, sku, at, onAct, onClose }: Props) {
  const { t } = useTranslation(["stock", "common"])
  const { notification, message } = useNotices()
  const queries = useQueryClient()
  const [id] = useState(() => crypto.randomUUID())
  const home = at || places[0]?.location_id || ""
  const [lines, setLines] = useState([fresh(0, home, sku)])
  const [to, setTo] = useState(() => places.find((place) => place.location_id !== home)?.location_id ?? "")
  const [note, setNote] = useState("")
  const body = {
    entry_id: id,
    note,
    lines: lines.map((line) => ({ sku: line.sku.trim(), location_id: line.place, quantity: line.units ?? 0 })),
  }
  const book = useMutation({
    mutationFn: () => {
      if (act === "receive") return take(client.POST("/v1/trade/stock/receipts", { body }))
      if (act === "adjust") return take(client.POST("/v1/trade/stock/adjustments", { body }))
      if (act === "count") return take(client.POST("/v1/trade/stock/counts", { body }))
      return take(client.POST("/v1/trade/stock/transfers", { body: { ...body, to_location_id: to } }))
    },
    onSuccess: (done) => {
      void renew(queries)
      void message.success(t("booked", { count: done.rows.length }))
      onClose()
    },
    onError: (problem) => void notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const whole = (line: Line) => !!line.sku.trim() && line.units !== null && line.units >= least[act] && (act !== "adjust" || line.units !== 0)
  const ready = lines.length > 0 && lines.every(whole) && (act !== "transfer" || (!!to && lines.every((line) => line.place !== to)))
  const change = (key: number, patch: Partial<Line>) => setLines((old) => old.map((line) => (line.key === key ? { ...line, ...patch } : line)))
  return (
    <Modal open title={t("book.title")} okText={t(`act.${act}`)} okButtonProps={{ loading: book.isPending, disabled: !ready }} onOk={() => book.mutate()} onCancel={onClose} width={620} mask={{ closable: false }}>
      <div className="stack bookform">
        <Segmented<Act> block aria-label={t("book.title")} value={act} onChange={onAct} options={acts.map((value) => ({ value, label: t(`act.${value}`) }))} />
        <p className="soft small">{t(`book.${act}`)}</p>
        <Lines act={act} lines={lines} places={places} onChange={change} onDrop={(key) => setLines((old) => old.filter((line) => line.key !== key))} />
        <Button type="link" size="small" className="flush" onClick={() => setLines((old) => [...old, fresh((old.at(-1)?.key ?? 0) + 1, old.at(-1)?.place ?? home)])}>
          {t("book.more")}
        </Button>
        {act === "transfer" && (
          <label className="bookto">
            <span>{t("book.to")}</span>
            <PlaceChoice label={t("book.to")} places={places} value={to} onChange={setTo} />
          </label>
        )}
        <Input value={note} maxLength={200} onChange={(event) => setNote(event.target.value)} aria-label={t("book.note")} placeholder={t(act === "adjust" ? "book.noteWhy" : "book.note")} />
      </div>
    </Modal>
  )
}

type LinesProps = { act: Act; lines: Line[]; places: Place[]; onChange(key: number, patch: Partial<Line>): void; onDrop(key: number): void }

function Lines({ act, lines, places, onChange, onDrop }: LinesProps) {
  const { t } = useTranslation("stock")
  return (
    <ul className="booklines">
      {lines.map((line, index) => (
        <li key={line.key}>
          <SkuField autoFocus={index > 0 || !line.sku} value={line.sku} onChange={(sku) => onChange(line.key, { sku })} label={t("book.sku", { n: index + 1 })} />
          <PlaceChoice label={t("book.place", { n: index + 1 })} places={places} value={line.place} onChange={(place) => onChange(line.key, { place })} />
          <InputNumber value={line.units} min={least[act]} max={1_000_000} precision={0} onChange={(units) => onChange(line.key, { units })} aria-label={t("book.units", { n: index + 1 })} placeholder={t(act === "count" ? "book.counted" : act === "adjust" ? "book.change" : "units")} />
          <Button type="text" size="small" disabled={lines.length < 2} onClick={() => onDrop(line.key)} aria-label={t("book.drop", { n: index + 1 })}>
            ×
          </Button>
        </li>
      ))}
    </ul>
  )
}

function PlaceChoice({ label, places, value, onChange }: { label: string; places: Place[]; value: string; onChange(place: string): void }) {
  const text = useWords()
  return <Select aria-label={label} value={value} onChange={onChange} popupMatchSelectWidth={false} options={places.map((place) => ({ value: place.location_id, label: text(place.name) }))} />
}
