import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Button, Select } from "antd"
import { useCallback, useMemo } from "react"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { useFormats } from "../../../lib/i18n"
import { oneOf } from "../../../lib/url"
import { Blank } from "../../../parts/blank"
import { Search } from "../../../parts/search"
import { PagedTable, type Column } from "../../../parts/table"
import { sentenceOf } from "../../../parts/trouble"
import { asks, type Movement, type Place } from "./asks"
import { Goods } from "./goods"
import { PlaceFilter } from "./levels"
import { usePlaceName } from "./words"

export const kinds = ["receive", "adjust", "count", "transfer", "ship"] as const
type Url = { q: string; place: string; kind: string }
type Props = { url: Url; onUrl(patch: Partial<Url>, replace?: boolean): void; places: Place[] }

/** What came, went and was counted, the newest first; nothing here is ever changed. */
export function MovementsTab({ url, onUrl, places }: Props) {
  const { t } = useTranslation(["stock", "common"])
  const kind = oneOf(url.kind, kinds)
  const list = useInfiniteQuery(asks.movements({ sku: url.q, location: url.place, ...(kind ? { kind } : {}) }))
  const find = useCallback((q: string) => onUrl({ q }, true), [onUrl])
  const filtered = !!(url.q || url.place || kind)
  return (
    <>
      <div className="tbar">
        <Search label={t("find")} placeholder={t("wholeSku")} value={url.q} onChange={find} />
        <PlaceFilter places={places} value={url.place} onChange={(place) => onUrl({ place })} />
        <Select
          aria-label={t("kind.label")}
          className="w-state"
          value={kind ?? ""}
          onChange={(value) => onUrl({ kind: value })}
          options={[{ value: "", label: t("kind.every") }, ...kinds.map((value) => ({ value, label: t(`kind.${value}`) }))]}
        />
        {filtered && (
          <Button type="link" onClick={() => onUrl({ q: "", place: "", kind: "" })}>
            {t("common:table.clear")}
          </Button>
        )}
        <Sums />
      </div>
      <PagedTable list={list} label={t("tab.movements")} columns={useMovementColumns()} rowKey={(row) => String(row.id)} empty={<Blank title={filtered ? t("none") : t("moved.empty")}>{filtered ? t("moved.whole") : t("moved.emptyWhy")}</Blank>} />
    </>
  )
}

/** Asks whether every figure is the sum of its movements and promises; the answer is a whole recount. */
function Sums() {
  const { t } = useTranslation("stock")
  const f = useFormats()
  const faults = useQuery({ ...asks.faults(), enabled: false })
  const first = faults.data?.[0]
  return (
    <>
      <Button className="tbarend" loading={faults.isFetching} onClick={() => void faults.refetch()}>
        {t("sums.check")}
      </Button>
      <span className="sums" role="status">
        {faults.error && sentenceOf(faults.error)}
        {faults.data && !faults.isFetching && !first && t("sums.fine")}
        {first && <b className="bad">{t("sums.wrong", { count: faults.data?.length ?? 0, first: `${first.sku}, ${first.place}: ${f.whole(first.stands)} \u2260 ${f.whole(first.adds_up)}` })}</b>}
      </span>
    </>
  )
}

export function useMovementColumns(ofOne = false): Column<Movement>[] {
  const { t } = useTranslation("stock")
  const f = useFormats()
  const placeName = usePlaceName()
  return useMemo(() => {
    const columns: Column<Movement>[] = [
      { key: "at", title: t("when"), show: (row) => <span className="num">{f.moment(row.at)}</span> },
      { key: "kind", title: t("kind.label"), show: (row) => t(`kind.${row.kind}`) },
      { key: "goods", title: t("goods"), wrap: true, show: (row) => <Goods of={row} /> },
      { key: "sku", title: t("sku"), wide: true, wrap: true, show: (row) => <span className="skuname soft">{row.sku}</span> },
      { key: "place", title: t("place"), wide: true, show: (row) => placeName(row.location_id) },
      { key: "change", title: t("change"), right: true, show: (row) => <b className={row.change < 0 ? "minus" : ""}>{signed(f.whole(Math.abs(row.change)), row.change)}</b> },
      { key: "after", title: t("after"), right: true, wide: true, show: (row) => f.whole(row.on_hand_after) },
      { key: "why", title: t("why"), wide: true, wrap: true, show: (row) => <Why row={row} /> },
      { key: "by", title: t("by"), wide: true, show: (row) => row.by },
    ]
    return ofOne ? columns.filter((column) => !["goods", "sku", "by"].includes(column.key)) : columns
  }, [t, f, placeName, ofOne])
}

const signed = (size: string, change: number) => (change < 0 ? `\u2212${size}` : change > 0 ? `+${size}` : size)

function Why({ row }: { row: Movement }) {
  const { t } = useTranslation("stock")
  if (row.order_id) return <Link to={`/shop/orders/${encodeURIComponent(row.order_id)}`}>{t("order")}</Link>
  return <>{row.note}</>
}
