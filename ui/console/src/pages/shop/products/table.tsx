import { useQueryClient } from "@tanstack/react-query"
import { Button } from "antd"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { Figures, raw, SheetDrawer } from "../../../parts/sheetdrawer"
import { Table, type Column } from "../../../parts/table"
import { useFile } from "../../../parts/tabletools"
import { renew, type Filter, type TableLook } from "./asks"
import { useBoth } from "./words"

type Row = TableLook["rows"][number]

/** Every product of the list as a file, to be changed and brought back. */
export function Export({ filter }: { filter: Filter }) {
  const { t } = useTranslation("catalogue")
  const query = Object.fromEntries(Object.entries(filter).filter(([, value]) => value))
  const { busy, save } = useFile("products.csv", () => take(client.GET("/v1/trade/product-table", { params: { query }, parseAs: "blob" })))
  return (
    <Button loading={busy} onClick={save}>
      {t("table.export")}
    </Button>
  )
}

/** Products out of a file: looked at row by row, then written as a whole. */
export function TableDrawer({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useTranslation("catalogue")
  const f = useFormats()
  const queries = useQueryClient()
  return (
    <SheetDrawer<TableLook>
      open={open}
      onClose={onClose}
      title={t("table.bring")}
      lead={<p>{t("table.lead")}</p>}
      look={(file) => take(client.POST("/v1/trade/product-table/preview", { body: file as never, ...raw }))}
      bring={(file, seen) => take(client.POST("/v1/trade/product-table", { params: { query: { seen } }, body: file as never, ...raw }))}
      doing={(look) => look.new + look.changed}
      act={(look) => t("table.act", { count: look.new + look.changed })}
      done={(look) => t("table.done", { count: look.new + look.changed })}
      onDone={() => void renew(queries)}
    >
      {(look) => (
        <>
          <Figures
            of={[
              { label: t("table.new"), value: f.whole(look.new), loud: look.new > 0 },
              { label: t("table.changed"), value: f.whole(look.changed), loud: look.changed > 0 },
              { label: t("table.same"), value: f.whole(look.same) },
            ]}
          />
          {look.rows.length > 0 && <Rows rows={look.rows} />}
        </>
      )}
    </SheetDrawer>
  )
}

function Rows({ rows }: { rows: Row[] }) {
  const { t } = useTranslation(["catalogue", "sheets"])
  const both = useBoth()
  const columns: Column<Row>[] = [
    { key: "row", title: t("sheets:row"), right: true, show: (row) => row.row },
    {
      key: "goods",
      title: t("col.title"),
      wrap: true,
      show: (row) => (
        <>
          {both(row.title)} <span className="soft small cell">{row.sku}</span>
        </>
      ),
    },
    { key: "changes", title: t("table.what"), wrap: true, show: (row) => (row.kind === "new" ? <span className="tag good">{t("table.new")}</span> : <Changes of={row} />) },
  ]
  return (
    <div className="sheet">
      <Table label={t("table.what")} columns={columns} rows={rows} rowKey={(row) => String(row.row)} fold={40} empty={null} />
    </div>
  )
}

function Changes({ of }: { of: Row }) {
  const { t } = useTranslation("sheets")
  const shown = (text: string) => text || t("blank")
  return (
    <ul className="cellchanges small">
      {of.changes.map((one) => (
        <li key={one.column}>
          {one.name} <del>{shown(one.before)}</del> → <ins>{shown(one.after)}</ins>
        </li>
      ))}
    </ul>
  )
}
