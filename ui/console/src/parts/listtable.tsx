import { useInfiniteQuery } from "@tanstack/react-query"
import type { ReactNode } from "react"
import { useHidden } from "../lib/columns"
import type { Asked, FileOf } from "../lib/queries"
import { PagedTable, type Sorting, type TableProps } from "./table"
import { TableTools, type Call } from "./tabletools"

type Props<T> = Omit<TableProps<T>, "rows"> & {
  name: string
  asked: Asked<T>
  file: FileOf
  call?: Call
  views?: boolean
  filters?: ReactNode
}

/** A list of the shop: its filters and tools above, its rows page after page below. */
export function ListTable<T>({ name, asked, file, call, views, filters, columns, ...table }: Props<T>) {
  const list = useInfiniteQuery(asked)
  const { hidden, onHide } = useHidden(name, columns)
  return (
    <>
      <div className="tbar">
        {filters}
        <TableTools name={name} file={file} call={call} views={views} columns={columns} hidden={hidden} onHide={onHide} />
      </div>
      <PagedTable {...table} list={list} columns={columns.filter((column) => !hidden.has(column.key))} />
    </>
  )
}

type SortUrl = { sort: string; dir: string }

/** The order of a list as the address has it. */
export function sortingOf(url: SortUrl, onUrl: (patch: Partial<SortUrl>) => void): Sorting {
  return { by: url.sort, desc: url.dir === "desc", onSort: (sort, desc) => onUrl({ sort, dir: desc ? "desc" : "asc" }) }
}
