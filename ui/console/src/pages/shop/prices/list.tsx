import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Drawer, InputNumber, Select } from "antd"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { holdKeys } from "../../../lib/keys"
import { useNotices } from "../../../lib/notices"
import { SettingsContext, useSettings } from "../../../lib/settings"
import { Blank } from "../../../parts/blank"
import { Search } from "../../../parts/search"
import { PagedTable, type Column } from "../../../parts/table"
import { sentenceOf } from "../../../parts/trouble"
import { Amount } from "../promotions/money"
import { useBoth } from "../promotions/words"
import { asks, renew, type Price, type PriceEntry, type PriceList } from "./asks"

type Props = { list: PriceList; title: string; currency?: string | undefined; may: boolean; q: string; onFind(q: string): void; onClose(): void }

const keyOf = (row: PriceEntry) => `${row.sku} ${row.min_quantity}`

/** The prices of one list, in the currency of its channel: seen, changed where they stand, added, removed. */
export function ListDrawer({ list, title, currency, may, q, onFind, onClose }: Props) {
  const { t } = useTranslation("setup")
  const settings = useSettings()
  useEffect(() => holdKeys(), [])
  return (
    <Drawer open onClose={onClose} title={title} size={860} destroyOnHidden>
      <SettingsContext.Provider value={{ ...settings, currency: currency ?? settings.currency }}>
        <div className="drawerbody pricelist">
          {may ? <Add list={list} /> : <p className="soft">{t("prices.readOnly")}</p>}
          <Search label={t("prices.find")} placeholder={t("prices.find")} value={q} onChange={onFind} />
          <Prices list={list} q={q} may={may} />
        </div>
      </SettingsContext.Provider>
    </Drawer>
  )
}

/** Writes one price, and takes one out. */
function useWrites(list: PriceList) {
  const queries = useQueryClient()
  const { t } = useTranslation("setup")
  const { message, notification } = useNotices()
  const onError = (problem: unknown) => notification.error({ title: sentenceOf(problem), duration: 8 })
  const put = useMutation({
    mutationFn: (price: PriceEntry) => client.PUT("/v1/trade/prices", { body: { channel_id: list.channel_id, list_id: list.id, prices: [price] } }),
    onSuccess: () => {
      void message.success(t("prices.kept"))
      return renew(queries)
    },
    onError,
  })
  const remove = useMutation({
    mutationFn: ({ sku, min_quantity }: Price) => client.DELETE("/v1/trade/price-lists/{list_id}/prices", { params: { path: { list_id: list.id }, query: { sku, min_quantity: min_quantity ?? 1 } } }),
    onSuccess: (_, { sku, unit_minor, compare_at_minor, min_quantity }) => {
      const key = `removed ${sku} ${min_quantity}`
      const again = () => {
        notification.destroy(key)
        put.mutate({ sku, unit_minor, compare_at_minor, min_quantity })
      }
      void notification.open({ key, title: t("prices.removed", { sku }), description: t("prices.lastGone"), actions: <Button size="small" onClick={again}>{t("prices.undo")}</Button>, duration: 8 })
      return renew(queries)
    },
    onError,
  })
  return { put, remove }
}

function Prices({ list, q, may }: { list: PriceList; q: string; may: boolean }) {
  const { t } = useTranslation(["setup", "common"])
  const f = useFormats()
  const prices = useInfiniteQuery(asks.prices(list.id, q))
  const { put, remove } = useWrites(list)
  const [editing, setEditing] = useState<Price | null>(null)
  const edited = (row: Price) => (editing && keyOf(editing) === keyOf(row) ? editing : null)
  const money = (minor: number) => f.money(minor, { exact: true })
  const save = (price: Price) =>
    put.mutate({ sku: price.sku, min_quantity: price.min_quantity, unit_minor: price.unit_minor, compare_at_minor: price.compare_at_minor }, { onSuccess: () => setEditing(null) })
  const verb = (word: "edit" | "remove", row: Price) => t("common:act.for", { verb: t(`prices.${word}`), title: row.sku })
  const columns: Column<Price>[] = [
    { key: "goods", title: t("prices.goods"), wrap: true, show: (row) => <Goods row={row} /> },
    { key: "min", title: t("prices.from_quantity"), right: true, wide: list.base && !prices.data?.pages.some((page) => page.rows.some((row) => (row.min_quantity ?? 1) > 1)), show: (row) => f.whole(row.min_quantity ?? 1) },
    {
      key: "price",
      title: t("prices.price"),
      right: true,
      show: (row) => {
        const now = edited(row)
        return now ? <Amount label={t("prices.price")} value={now.unit_minor} onChange={(minor) => setEditing({ ...now, unit_minor: minor ?? 0 })} /> : money(row.unit_minor)
      },
    },
    {
      key: "compare",
      title: t("prices.compare"),
      right: true,
      wide: true,
      show: (row) => {
        const now = edited(row)
        if (now) return <Amount label={t("prices.compare")} value={now.compare_at_minor ?? null} onChange={(minor) => setEditing({ ...now, compare_at_minor: minor })} />
        return row.compare_at_minor ? money(row.compare_at_minor) : "–"
      },
    },
  ]
  const acts: Column<Price> = {
    key: "acts",
    title: "",
    right: true,
    show: (row) => {
      const now = edited(row)
      return now ? (
        <span className="rowacts">
          <Button size="small" type="primary" disabled={now.unit_minor < 1} loading={put.isPending} onClick={() => save(now)}>{t("prices.keep")}</Button>
          <Button size="small" onClick={() => setEditing(null)}>{t("prices.cancel")}</Button>
        </span>
      ) : (
        <span className="rowacts">
          <Button size="small" type="text" disabled={!row.product_id} title={row.product_id ? undefined : t("prices.gone")} aria-label={verb("edit", row)} onClick={() => setEditing(row)}>{t("prices.edit")}</Button>
          <Button size="small" type="text" loading={remove.isPending && remove.variables === row} aria-label={verb("remove", row)} onClick={() => remove.mutate(row)}>{t("prices.remove")}</Button>
        </span>
      )
    },
  }
  return (
    <PagedTable
      list={prices}
      label={t("prices.title")}
      columns={may ? [...columns, acts] : columns}
      rowKey={keyOf}
      empty={<Blank title={q ? t("prices.emptyFound", { q }) : t("prices.empty")}>{may && !q ? t("prices.emptyMeans") : null}</Blank>}
    />
  )
}

function Goods({ row }: { row: Price }) {
  const { t } = useTranslation("setup")
  const both = useBoth()
  const name = row.product_id ? [row.title, ...row.choices].map(both).filter(Boolean).join(" · ") : t("prices.gone")
  return (
    <span className="pricegoods">
      {row.image && <img src={`/v1/trade/media/${row.image}`} alt="" loading="lazy" />}
      <span>
        {name}
        <small>{row.sku}</small>
      </span>
    </span>
  )
}

const fresh = { sku: "", unit_minor: 0, compare_at_minor: null as number | null, min_quantity: 1 }

/** One more price: of a variant found by its product's name or by its own number. */
function Add({ list }: { list: PriceList }) {
  const { t } = useTranslation("setup")
  const both = useBoth()
  const { put } = useWrites(list)
  const [price, setPrice] = useState(fresh)
  const [q, setQ] = useState("")
  const found = useQuery({
    queryKey: ["/v1/trade/products", "variants", q],
    queryFn: ({ signal }) => take(client.GET("/v1/trade/products", { params: { query: { q, limit: 20 } }, signal })),
    placeholderData: keepPreviousData,
  }).data
  const options = (found?.rows ?? []).flatMap((one) => one.skus.map((sku) => ({ value: sku, label: `${both(one.title)} · ${sku}` })))
  return (
    <section className="addprice" aria-label={t("prices.add")}>
      <label>
        <span className="small">{t("prices.pick")}</span>
        <Select aria-label={t("prices.pick")} showSearch={{ filterOption: false, onSearch: setQ }} placeholder={t("prices.addHint")} value={price.sku || null} options={options} onChange={(sku: string) => setPrice({ ...price, sku })} />
      </label>
      <label>
        <span className="small">{t("prices.from_quantity")}</span>
        <InputNumber aria-label={t("prices.from_quantity")} min={1} max={100_000} precision={0} value={price.min_quantity} onChange={(count) => setPrice({ ...price, min_quantity: count ?? 1 })} />
      </label>
      <label>
        <span className="small">{t("prices.price")}</span>
        <Amount label={t("prices.price")} value={price.unit_minor || null} onChange={(minor) => setPrice({ ...price, unit_minor: minor ?? 0 })} />
      </label>
      <Button type="primary" disabled={!price.sku || price.unit_minor < 1} loading={put.isPending} onClick={() => put.mutate(price, { onSuccess: () => setPrice(fresh) })}>
        {t("prices.add")}
      </Button>
    </section>
  )
}
