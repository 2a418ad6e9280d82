import { useQuery } from "@tanstack/react-query"
import { Button, Select } from "antd"
import { useCallback } from "react"
import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import { useUrl } from "../../../lib/url"
import { Blank } from "../../../parts/blank"
import { Search } from "../../../parts/search"
import { Table, type Column } from "../../../parts/table"
import { Trouble } from "../../../parts/trouble"
import { asks, type Edge, type EventRow } from "./asks"
import { EventDrawer, Opener } from "./drawer"

type Props = { edge: Edge | undefined; live: boolean; may: boolean; onKeys(): void }

/** The newest events as they arrive; a row opens as the whole event. */
export function Newest({ edge, live, may, onKeys }: Props) {
  const { t } = useTranslation(["events", "common"])
  const [url, setUrl] = useUrl({ name: "", source: "", person: "", event: "" })
  const filter = { ...(url.name && { name: url.name }), ...(url.source && { source: url.source }), ...(url.person && { person: url.person }) }
  const found = useQuery(asks.events(filter, live))
  const rows = found.data?.rows
  const filtered = Object.keys(filter).length > 0
  const open = rows?.find((row) => keyOf(row) === url.event)
  const onPerson = useCallback((person: string) => setUrl({ person }, true), [setUrl])
  if (found.error) return <Trouble error={found.error} onRetry={() => void found.refetch()} />
  const clear = () => setUrl({ name: "", source: "", person: "" })
  const none = filtered ? (
    <Blank title={t("none")} actions={<Button onClick={clear}>{t("common:table.clear")}</Button>}>
      {t("noneMeans")}
    </Blank>
  ) : (
    <Blank title={t("first")} actions={may && <Button onClick={onKeys}>{t("makeKey")}</Button>}>
      {t("firstMeans")}
    </Blank>
  )
  return (
    <>
      <div className="tbar">
        <Pick label={t("filter.name")} value={url.name} among={edge?.names} onChange={(name) => setUrl({ name }, true)} />
        <Pick label={t("filter.source")} value={url.source} among={edge?.sources} onChange={(source) => setUrl({ source }, true)} />
        <Search label={t("filter.person")} placeholder={t("filter.person")} value={url.person} onChange={onPerson} width={230} />
      </div>
      <section className="sheet">
        <Table label={t("title")} columns={useColumns((row) => setUrl({ event: keyOf(row) }))} rows={rows} rowKey={keyOf} onOpen={(row) => setUrl({ event: keyOf(row) })} empty={none} />
      </section>
      {open && <EventDrawer row={open} onClose={() => setUrl({ event: "" })} />}
    </>
  )
}

const keyOf = (row: EventRow) => `${row.source}/${row.event_id}`

function Pick({ label, value, among, onChange }: { label: string; value: string; among: string[] | undefined; onChange(value: string): void }) {
  const { t } = useTranslation("events")
  const names = [...new Set([...(among ?? []), ...(value ? [value] : [])])]
  const options = [{ value: "", label: t("filter.of", { what: label, value: t("filter.any") }) }, ...names.map((name) => ({ value: name, label: name }))]
  return <Select aria-label={label} className="pick" value={value} options={options} onChange={onChange} showSearch popupMatchSelectWidth={false} />
}

function useColumns(onOpen: (row: EventRow) => void): Column<EventRow>[] {
  const { t } = useTranslation("events")
  const f = useFormats()
  return [
    { key: "received", title: t("col.received"), show: (row) => <span className="num">{clock(row.received_at, f.lang)}</span> },
    { key: "name", title: t("col.name"), show: (row) => <Opener text={row.name} onOpen={() => onOpen(row)} /> },
    { key: "person", title: t("col.person"), show: (row) => <span className="idword">{row.person_id ?? row.anonymous_id ?? row.customer_id}</span> },
    { key: "product", title: t("col.product"), wide: true, show: (row) => row.product_id },
    { key: "value", title: t("col.value"), right: true, wide: true, show: (row) => (row.value_minor === null ? null : f.money(row.value_minor, { exact: true })) },
    { key: "source", title: t("col.source"), wide: true, show: (row) => row.source },
    { key: "kind", title: t("col.kind"), wide: true, show: (row) => <code>{row.kind}</code> },
  ]
}

/** Hour to second on the reader's clock: in a stream of events the day is the same all along. */
function clock(iso: string, lang: string): string {
  const moment = new Date(iso)
  const today = moment.toDateString() === new Date().toDateString()
  const time = moment.toLocaleTimeString(lang, { hour12: false })
  return today ? time : `${moment.toLocaleDateString(lang, { month: "numeric", day: "numeric" })} ${time}`
}
