import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query"
import { Button, Checkbox } from "antd"
import { useRef, useState, type ReactNode } from "react"
import { useTranslation } from "react-i18next"
import type { Page } from "../lib/shapes"
import { useFormats } from "../lib/i18n"
import { useRowKeys } from "../lib/keys"
import { Bones } from "./blank"
import { Term, type Explained } from "./explain"
import { Trouble } from "./trouble"

export type Column<T> = {
  key: string
  title: string
  explain?: Explained
  right?: boolean
  wrap?: boolean
  /** Left out on phones. */
  wide?: boolean
  sort?: boolean
  /** Shown only when chosen. */
  extra?: boolean
  show(row: T): ReactNode
}

export type Sorting = { by: string; desc: boolean; onSort(by: string, desc: boolean): void }
export type Picking<T> = { picked: Set<string>; onPick(row: T, on: boolean): void; onAll(on: boolean): void; name(row: T): string }

export type TableProps<T> = {
  label: string
  columns: Column<T>[]
  rows: T[] | undefined
  rowKey(row: T): string
  rowClass?(row: T): string
  sorting?: Sorting
  picking?: Picking<T>
  onOpen?(row: T): void
  keys?: Partial<Record<string, (row: T) => void>>
  asOf?: string | null
  empty: ReactNode
  /** Show only so many rows until somebody asks for all. */
  fold?: number
}

/** A dense table of our own: sticky header, j/k over rows, Enter opens, x picks. */
export function Table<T>(props: TableProps<T>) {
  const { label, columns, rowKey, rowClass, sorting, picking, onOpen, keys, asOf, empty, fold } = props
  const { t } = useTranslation("common")
  const [all, setAll] = useState(false)
  const folded = fold !== undefined && !all && (props.rows?.length ?? 0) > fold + 2
  const rows = folded ? props.rows?.slice(0, fold) : props.rows
  const body = useRef<HTMLTableSectionElement>(null)
  const onRow = (act: (row: T) => void) => (index: number) => {
    const row = rows?.[index]
    if (row) act(row)
  }
  const pick = (row: T) => picking?.onPick(row, !picking.picked.has(rowKey(row)))
  const own = Object.fromEntries(Object.entries(keys ?? {}).map(([key, act]) => [key, act && onRow(act)]))
  useRowKeys(body, "tr", {
    ...(onOpen ? { Enter: onRow(onOpen) } : {}),
    ...(picking ? { x: onRow(pick) } : {}),
    ...own,
  })
  if (rows && rows.length === 0) return <>{empty}</>
  if (!rows) return <Bones rows={12} height={35} />
  const every = rows.length > 0 && rows.every((row) => picking?.picked.has(rowKey(row)))
  return (
    <div className="dscroll">
      <table className="dtable" aria-label={label}>
        <thead>
          <tr>
            {picking && (
              <th scope="col">
                <Checkbox checked={every} onChange={(event) => picking.onAll(event.target.checked)} aria-label={t("table.selectAll")} />
              </th>
            )}
            {columns.map((column) => (
              <Head key={column.key} column={column} sorting={sorting} asOf={asOf} />
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row) => {
            const key = rowKey(row)
            const picked = picking?.picked.has(key)
            return (
              <tr key={key} tabIndex={-1} className={`${rowClass?.(row) ?? ""} ${picked ? "picked" : ""}`}>
                {picking && (
                  <td>
                    <Checkbox checked={picked} onChange={() => pick(row)} aria-label={t("table.select", { name: picking.name(row) })} />
                  </td>
                )}
                {columns.map((column) => (
                  <td key={column.key} className={classOf(column)}>
                    {column.show(row)}
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
      {folded && (
        <p className="unfold">
          <Button type="link" size="small" onClick={() => setAll(true)}>
            {t("table.all", { count: props.rows?.length ?? 0 })}
          </Button>
        </p>
      )}
    </div>
  )
}

const classOf = <T,>(column: Column<T>) =>
  [column.right ? "r num" : "", column.wide ? "nophone" : "", column.wrap ? "wrap" : ""].join(" ").trim()

function Head<T>({ column, sorting, asOf }: { column: Column<T>; sorting?: Sorting; asOf?: string | null }) {
  const { t } = useTranslation("common")
  const on = sorting?.by === column.key
  const direction = on ? (sorting?.desc ? "descending" : "ascending") : undefined
  const sortable = column.sort && sorting
  return (
    <th scope="col" className={classOf(column)} aria-sort={direction}>
      {sortable ? (
        <button
          type="button"
          className="sorter"
          data-on={on || undefined}
          data-explain={column.explain}
          data-explain-as-of={asOf ?? undefined}
          title={column.explain ? undefined : t("table.sort", { column: column.title })}
          onClick={() => sorting.onSort(column.key, on ? !sorting.desc : true)}
        >
          {column.title}
          <span aria-hidden>{on ? (sorting.desc ? "\u2193" : "\u2191") : "\u2195"}</span>
        </button>
      ) : column.explain ? (
        <Term of={column.explain} asOf={asOf}>
          {column.title}
        </Term>
      ) : (
        column.title
      )}
    </th>
  )
}

type Listed<T> = UseInfiniteQueryResult<InfiniteData<Page<T>>>

export const rowsOf = <T,>(list: Listed<T>): T[] | undefined => list.data?.pages.flatMap((page) => page.rows)

/** A keyset-paged table: its rows, its trouble, and the button for more. */
export function PagedTable<T>({ list, ...table }: Omit<TableProps<T>, "rows"> & { list: Listed<T> }) {
  if (list.error && !list.data) return <Trouble error={list.error} onRetry={() => void list.refetch()} />
  return (
    <section className="sheet">
      <Table {...table} rows={rowsOf(list)} />
      <Foot list={list} />
    </section>
  )
}

export function Foot<T>({ list }: { list: Listed<T> }) {
  const { t } = useTranslation("common")
  const f = useFormats()
  const shown = rowsOf(list)?.length ?? 0
  const total = list.data?.pages.at(-1)?.total
  if (!shown) return null
  return (
    <div className="dfoot num">
      <span aria-live="polite">
        {total !== undefined && total !== null ? t("table.shown", { shown: f.whole(shown), total: f.whole(total) }) : t("table.rows", { count: shown })}
      </span>
      {list.hasNextPage && (
        <Button size="small" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("table.more", { count: total ? Math.min(50, total - shown) : 50 })}
        </Button>
      )}
    </div>
  )
}
