import { Drawer } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import { Blank } from "../../../parts/blank"
import { Table, type Column } from "../../../parts/table"
import type { Refusal } from "./asks"
import { Json, Opener } from "./drawer"

const kept = 200

/** Requests that were turned away: the field and the reason, and how the body began. */
export function RefusedTab({ rows }: { rows: Refusal[] | undefined }) {
  const { t } = useTranslation("events")
  const f = useFormats()
  const [open, setOpen] = useState<Refusal | null>(null)
  const columns: Column<Refusal>[] = [
    { key: "at", title: t("col.at"), show: (row) => <span className="num">{f.moment(row.at)}</span> },
    { key: "why", title: t("col.why"), wrap: true, show: (row) => <Opener text={row.why} onOpen={() => setOpen(row)} /> },
    { key: "path", title: t("col.path"), wide: true, show: (row) => <code>{row.path}</code> },
    { key: "source", title: t("col.source"), wide: true, show: (row) => row.source },
  ]
  const none = <Blank title={t("refusedNone")}>{t("refusedMeans", { count: kept })}</Blank>
  return (
    <>
      <section className="sheet">
        <Table<Refusal> label={t("tab.refused")} columns={columns} rows={rows} rowKey={(row) => String(row.id)} onOpen={(row) => setOpen(row)} empty={none} />
      </section>
      {!!rows?.length && <p className="soft small">{t("refusedMeans", { count: kept })}</p>}
      {open && (
        <Drawer open onClose={() => setOpen(null)} title={open.code} size={520} mask={false}>
          <div className="eventbody">
            <p>{open.why}</p>
            <Json title={t("drawer.body")} value={open.head} />
          </div>
        </Drawer>
      )}
    </>
  )
}
