import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Select } from "antd"
import { useCallback, useMemo, useState } from "react"
import { useTranslation } from "react-i18next"
import { atLeast, client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import { ask } from "../../../lib/queries"
import { oneOf, useUrl } from "../../../lib/url"
import { Blank } from "../../../parts/blank"
import { Search } from "../../../parts/search"
import { PagedTable, rowsOf, type Column } from "../../../parts/table"
import { sentenceOf } from "../../../parts/trouble"
import "../../../styles/catalogue.css"
import { asks, pictureUrl, renew, states, supplies, type Row } from "./asks"
import { Moves } from "./bulk"
import { ProductDrawer } from "./drawer"
import { Export, TableDrawer } from "./table"
import { Standing, useBoth } from "./words"

/** Products: found by words in either language, listed, taken off sale, and opened to be written. */
export default function ProductsPage() {
  const { t } = useTranslation(["catalogue", "common"])
  const f = useFormats()
  const [url, setUrl] = useUrl({ q: "", state: "", supply: "", one: "", table: "" })
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const may = atLeast(me?.role, "operator")
  const state = oneOf(url.state, states)
  const supply = oneOf(url.supply, supplies)
  const list = useInfiniteQuery(asks.products({ q: url.q, state, supply, sort: url.q ? "relevance" : "newest" }))
  const rows = useMemo(() => rowsOf(list), [list.data])
  const total = list.data?.pages[0]?.total
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const find = useCallback((q: string) => setUrl({ q }, true), [setUrl])
  const open = useCallback((one: string) => setUrl({ one }), [setUrl])
  const filtered = !!(url.q || state || supply)
  const clear = () => setUrl({ q: "", state: "", supply: "" })
  return (
    <div className="page productspage">
      <div className="head">
        <div>
          <h1>{t("title")}</h1>
          <p className="lead num" aria-live="polite">
            {total === undefined ? t("lead") : t("total", { count: total, shown: f.whole(total) })}
          </p>
        </div>
        <div className="row wrap productacts">
          <Export filter={{ q: url.q, state, supply }} />
          {may && <Button onClick={() => setUrl({ table: "open" })}>{t("table.bring")}</Button>}
          {may && (
            <Button type="primary" onClick={() => setUrl({ one: "+" })}>
              {t("new")}
            </Button>
          )}
        </div>
      </div>
      <div className="tbar">
        <Search label={t("find")} placeholder={t("findHint")} value={url.q} onChange={find} width={260} />
        <Select aria-label={t("col.state")} className="w-state" value={url.state} onChange={(value) => setUrl({ state: value })} options={[{ value: "", label: t("onHand") }, ...states.map((value) => ({ value, label: t(`state.${value}`) }))]} />
        <Select aria-label={t("col.supply")} className="w-state" value={url.supply} onChange={(value) => setUrl({ supply: value })} options={[{ value: "", label: t("everySupply") }, ...supplies.map((value) => ({ value, label: t(`supply.${value}`) }))]} />
        {filtered && (
          <Button type="link" onClick={clear}>
            {t("common:table.clear")}
          </Button>
        )}
        {picked.size > 0 && <Moves picked={picked} onDone={() => setPicked(new Set())} />}
      </div>
      <PagedTable
        list={list}
        label={t("title")}
        columns={useColumns(rows, open)}
        rowKey={(row) => row.product_id}
        rowClass={(row) => (row.state === "archived" ? "gone" : "")}
        onOpen={(row) => open(row.product_id)}
        picking={may ? pickingOf(rows ?? [], picked, setPicked) : undefined}
        empty={
          filtered ? (
            <Blank title={t("none")} actions={<Button onClick={clear}>{t("common:table.clear")}</Button>}>
              {t("noneWhy")}
            </Blank>
          ) : (
            <Empty may={may} onNew={() => setUrl({ one: "+" })} />
          )
        }
      />
      {may && <TableDrawer open={url.table === "open"} onClose={() => setUrl({ table: "" })} />}
      <ProductDrawer id={url.one} may={may} onOpen={(one) => setUrl({ one }, true)} onClose={() => setUrl({ one: "" })} />
    </div>
  )
}

function pickingOf(rows: Row[], picked: ReadonlySet<string>, set: (next: ReadonlySet<string>) => void) {
  return {
    picked: new Set(picked),
    onPick: (row: Row, on: boolean) => set(new Set(on ? [...picked, row.product_id] : [...picked].filter((id) => id !== row.product_id))),
    onAll: (on: boolean) => set(new Set(on ? rows.map((row) => row.product_id) : [])),
    name: (row: Row) => row.product_id,
  }
}

function useColumns(rows: Row[] | undefined, open: (id: string) => void): Column<Row>[] {
  const { t } = useTranslation("catalogue")
  const f = useFormats()
  const both = useBoth()
  const prices = useMemo(() => f.column((rows ?? []).map((row) => row.from_minor)), [f, rows])
  return useMemo(
    () => [
      {
        key: "title",
        title: t("col.title"),
        wrap: true,
        show: (row) => (
          <span className="goods">
            {row.image ? <img src={pictureUrl(row.image)} alt="" width={32} height={32} loading="lazy" /> : <i className="nopicture" aria-hidden />}
            <span>
              <button type="button" className="linklike" onClick={() => open(row.product_id)}>
                {both(row.title)}
              </button>{" "}
              {row.sample && <span className="soft small">{t("sample")}</span>}
            </span>
          </span>
        ),
      },
      { key: "id", title: t("col.id"), wide: true, show: (row) => <span className="soft small">{row.product_id}</span> },
      { key: "state", title: t("col.state"), show: (row) => <Standing of={row.state} /> },
      { key: "supply", title: t("col.supply"), wide: true, show: (row) => t(`supply.${row.supply}`) },
      { key: "skus", title: t("col.skus"), right: true, wide: true, show: (row) => f.whole(row.skus.length) },
      { key: "price", title: t("col.price"), right: true, show: (row) => (row.from_minor === null ? <span className="soft">{t("unpriced")}</span> : prices.money(row.from_minor)) },
      { key: "changed", title: t("col.changed"), right: true, wide: true, show: (row) => <span className="num">{f.moment(row.changed_at)}</span> },
    ],
    [t, f, both, prices, open],
  )
}

/** Nothing there yet: write a product, or look at a shop that is full. */
function Empty({ may, onNew }: { may: boolean; onNew(): void }) {
  const { t } = useTranslation("catalogue")
  const { notification } = useNotices()
  const queries = useQueryClient()
  const fill = useMutation({
    mutationFn: () => take(client.POST("/v1/trade/sample")),
    onSuccess: () => void renew(queries),
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const acts = may && (
    <>
      <Button type="primary" onClick={onNew}>
        {t("new")}
      </Button>
      <Button loading={fill.isPending} onClick={() => fill.mutate()}>
        {t("fill")}
      </Button>
    </>
  )
  return (
    <Blank title={t("empty")} actions={acts}>
      {t("emptyWhy")}
    </Blank>
  )
}
