import { useQueryClient } from "@tanstack/react-query"
import { Button } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { components } from "../../../api.gen"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { Figures, raw, SheetDrawer } from "../../../parts/sheetdrawer"
import { Table, type Column } from "../../../parts/table"
import { useFile } from "../../../parts/tabletools"
import { renew, type Place } from "./asks"
import { PlaceFilter } from "./levels"
import { usePlaceName } from "./words"

type Look = components["schemas"]["CountSheetLook"]
type Row = Look["rows"][number]

/** A whole place counted on a sheet: differences are seen before they are booked, all of them at once. */
export function CountSheet({ open, places, onClose }: { open: boolean; places: Place[]; onClose(): void }) {
  const { t } = useTranslation("stock")
  const f = useFormats()
  const queries = useQueryClient()
  return (
    <SheetDrawer<Look>
      open={open}
      onClose={onClose}
      title={t("sheet.title")}
      lead={<Sheet places={places} />}
      look={(file) => take(client.POST("/v1/trade/stock/count-sheet/preview", { body: file as never, ...raw }))}
      bring={(file, seen) => take(client.POST("/v1/trade/stock/count-sheet", { params: { query: { seen, note: file.name.slice(0, 200) } }, body: file as never, ...raw }))}
      doing={(look) => look.differ + look.right}
      act={(look) => t("sheet.act", { count: look.differ + look.right })}
      done={(look) => t("booked", { count: look.differ + look.right })}
      onDone={() => void renew(queries)}
    >
      {(look) => (
        <>
          <Figures
            of={[
              { label: t("sheet.differ"), value: f.whole(look.differ), loud: look.differ > 0 },
              { label: t("sheet.right"), value: f.whole(look.right) },
              { label: t("sheet.blank"), value: f.whole(look.blank) },
            ]}
          />
          {look.rows.length > 0 && <Rows rows={look.rows} />}
        </>
      )}
    </SheetDrawer>
  )
}

/** The sheet to count with, of one place or of all. */
function Sheet({ places }: { places: Place[] }) {
  const { t } = useTranslation("stock")
  const [place, setPlace] = useState("")
  const query = place ? { location: place } : {}
  const { busy, save } = useFile("count.csv", () => take(client.GET("/v1/trade/stock/count-sheet", { params: { query }, parseAs: "blob" })))
  return (
    <>
      <p>{t("sheet.lead")}</p>
      <div className="row wrap sheetplace">
        <PlaceFilter places={places} value={place} onChange={setPlace} />
        <Button loading={busy} onClick={save}>
          {t("sheet.download")}
        </Button>
      </div>
    </>
  )
}

function Rows({ rows }: { rows: Row[] }) {
  const { t } = useTranslation(["stock", "sheets"])
  const f = useFormats()
  const placeName = usePlaceName()
  const signed = (n: number) => (n > 0 ? `+${f.whole(n)}` : f.whole(n))
  const columns: Column<Row>[] = [
    { key: "row", title: t("sheets:row"), right: true, wide: true, show: (row) => row.row },
    { key: "sku", title: t("sku"), wrap: true, show: (row) => <span className="cell">{row.sku}</span> },
    { key: "place", title: t("place"), wrap: true, show: (row) => placeName(row.location_id) },
    { key: "on_hand", title: t("sheet.books"), right: true, show: (row) => f.whole(row.on_hand) },
    { key: "counted", title: t("sheet.counted"), right: true, show: (row) => <b>{f.whole(row.counted)}</b> },
    { key: "change", title: t("change"), right: true, show: (row) => signed(row.counted - row.on_hand) },
  ]
  return (
    <div className="sheet">
      <Table label={t("sheet.differ")} columns={columns} rows={rows} rowKey={(row) => `${row.sku} ${row.location_id}`} fold={40} empty={null} />
    </div>
  )
}
