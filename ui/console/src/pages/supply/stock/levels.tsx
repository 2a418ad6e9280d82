import { useInfiniteQuery } from "@tanstack/react-query"
import { Button, Checkbox, Select } from "antd"
import { useCallback, useMemo } from "react"
import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import { Blank } from "../../../parts/blank"
import { Search } from "../../../parts/search"
import { PagedTable, type Column } from "../../../parts/table"
import { asks, type Level, type Place } from "./asks"
import { Goods } from "./goods"
import { usePlaceName, useWords } from "./words"

type Url = { q: string; place: string; short: string }
type Props = { url: Url; onUrl(patch: Partial<Url & { sku: string; book: string; places: string }>, replace?: boolean): void; places: Place[]; may: boolean }

/** What lies where: units on hand, set aside, and still for sale. */
export function LevelsTab({ url, onUrl, places, may }: Props) {
  const { t } = useTranslation(["stock", "common"])
  const list = useInfiniteQuery(asks.levels({ search: url.q, location: url.place, short: url.short === "yes" }))
  const find = useCallback((q: string) => onUrl({ q }, true), [onUrl])
  const open = useCallback((sku: string) => onUrl({ sku }), [onUrl])
  const filtered = !!(url.q || url.place || url.short)
  return (
    <>
      <div className="tbar">
        <Search label={t("find")} placeholder={t("findSku")} value={url.q} onChange={find} />
        <PlaceFilter places={places} value={url.place} onChange={(place) => onUrl({ place })} />
        <Checkbox checked={url.short === "yes"} onChange={(event) => onUrl({ short: event.target.checked ? "yes" : "" })}>
          {t("short")}
        </Checkbox>
        {filtered && (
          <Button type="link" onClick={() => onUrl({ q: "", place: "", short: "" })}>
            {t("common:table.clear")}
          </Button>
        )}
      </div>
      <PagedTable
        list={list}
        label={t("tab.levels")}
        columns={useColumns(open)}
        rowKey={(row) => `${row.sku} ${row.location_id}`}
        rowClass={(row) => (row.free === 0 ? "nothingfree" : "")}
        onOpen={(row) => open(row.sku)}
        empty={
          filtered ? (
            <Blank title={t("none")} actions={<Button onClick={() => onUrl({ q: "", place: "", short: "" })}>{t("common:table.clear")}</Button>}>
              {t("noneWhy")}
            </Blank>
          ) : (
            <Blank
              title={t("empty")}
              actions={
                may && (
                  <Button type="primary" onClick={() => onUrl(places.length ? { book: "receive" } : { places: "open" })}>
                    {places.length ? t("act.receive") : t("places.first")}
                  </Button>
                )
              }
            >
              {places.length ? t("emptyWhy") : t("places.none")}
            </Blank>
          )
        }
      />
      <p className="soft small stocknote">{t("means")}</p>
    </>
  )
}

function useColumns(open: (sku: string) => void): Column<Level>[] {
  const { t } = useTranslation("stock")
  const f = useFormats()
  const placeName = usePlaceName()
  return useMemo(
    () => [
      {
        key: "sku",
        title: t("goods"),
        wrap: true,
        show: (row) => (
          <button type="button" className="linklike" onClick={() => open(row.sku)}>
            <Goods of={row} />
          </button>
        ),
      },
      {
        key: "code",
        title: t("sku"),
        wide: true,
        wrap: true,
        show: (row) => <span className="skuname soft">{row.sku}</span>,
      },
      { key: "place", title: t("place"), wrap: true, show: (row) => placeName(row.location_id) },
      { key: "on_hand", title: t("onHand"), right: true, wide: true, show: (row) => f.whole(row.on_hand) },
      { key: "held", title: t("held"), right: true, wide: true, show: (row) => <Quiet n={row.held} text={f.whole(row.held)} /> },
      { key: "committed", title: t("committed"), right: true, wide: true, show: (row) => <Quiet n={row.committed} text={f.whole(row.committed)} /> },
      { key: "free", title: t("free"), right: true, show: (row) => <b className={row.free === 0 ? "bad" : ""}>{f.whole(row.free)}</b> },
      { key: "bar", title: "", wide: true, show: (row) => <Bar row={row} /> },
    ],
    [t, f, open, placeName],
  )
}

function Quiet({ n, text }: { n: number; text: string }) {
  return <span className={n === 0 ? "soft" : ""}>{text}</span>
}

/** Committed, held and free units as shares of what lies there; the figures stand beside it. */
export function Bar({ row }: { row: Level }) {
  if (row.on_hand === 0) return <span className="stockbar" aria-hidden />
  const share = (n: number) => ({ width: `${(100 * n) / row.on_hand}%` })
  return (
    <span className="stockbar" aria-hidden>
      <i className="committed" style={share(row.committed)} />
      <i className="held" style={share(row.held)} />
      <i className="free" style={share(row.free)} />
    </span>
  )
}

export function PlaceFilter({ places, value, onChange }: { places: Place[]; value: string; onChange(place: string): void }) {
  const { t } = useTranslation("stock")
  const text = useWords()
  if (places.length < 2) return null
  const options = [{ value: "", label: t("everywhere") }, ...places.map((place) => ({ value: place.location_id, label: text(place.name) }))]
  return <Select aria-label={t("place")} className="w-state" value={value} onChange={onChange} options={options} popupMatchSelectWidth={false} />
}
