import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query"
import { Drawer } from "antd"
import { useEffect } from "react"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import type { components, operations } from "../../../api.gen"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { holdKeys } from "../../../lib/keys"
import { files } from "../../../lib/queries"
import { PagedTable, rowsOf, type Column } from "../../../parts/table"
import { TableTools } from "../../../parts/tabletools"
import { usePlaceName, type Moved } from "./words"

type Mover = components["schemas"]["LifecycleMover"]
type Query = NonNullable<operations["export_lifecycle_movers"]["parameters"]["query"]>
type Props = { move: Moved | null; since: string; until: string; asOf: string; onClose(): void }

const asked = (query: Query) =>
  infiniteQueryOptions({
    queryKey: ["/v1/lifecycle/flow/customers", query],
    queryFn: ({ pageParam, signal }) => take(client.GET("/v1/lifecycle/flow/customers", { params: { query: { ...query, cursor: pageParam } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })

/** The customers of one move, the most valuable first. */
export function MoversDrawer({ move, since, until, asOf, onClose }: Props) {
  const { t } = useTranslation("lifecycle")
  const f = useFormats()
  const place = usePlaceName()
  useEffect(() => (move ? holdKeys() : undefined), [move])
  const title = move && (move.was === move.now ? t("stayedIn", { place: place(move.now) }) : t("bandTitle", { from: move.was === null ? t("arrived") : place(move.was), to: place(move.now) }))
  const query: Query | null = move && { was: move.was as Query["was"], now: move.now as Query["now"], since, until }
  return (
    <Drawer open={move !== null} onClose={onClose} title={title} size={620} destroyOnHidden>
      <div className="row between movershead">
        <p className="soft small">{t("moversLead", { from: f.day(since), to: f.day(until), day: f.day(asOf) })}</p>
        {query && <TableTools name="movers" file={files.movers(query)} call={{ path: "/v1/lifecycle/flow/customers", query }} />}
      </div>
      {query && <Movers query={query} />}
    </Drawer>
  )
}

function Movers({ query }: { query: Query }) {
  const { t } = useTranslation(["lifecycle", "common"])
  const f = useFormats()
  const place = usePlaceName()
  const list = useInfiniteQuery(asked(query))
  const money = f.column((rowsOf(list) ?? []).map((row) => row.value_minor))
  const columns: Column<Mover>[] = [
    {
      key: "customer",
      title: t("customer"),
      show: (row) => (
        <Link to={`/customers/${encodeURIComponent(row.customer_id)}`} className="num">
          {row.customer_id}
        </Link>
      ),
    },
    { key: "place", title: t("standsNow"), show: (row) => place(`${row.stage}/${row.tier}`) },
    { key: "value", title: t("valueAhead"), explain: "value", right: true, show: (row) => money.money(row.value_minor) },
    { key: "alive", title: t("alive"), explain: "alive", right: true, wide: true, show: (row) => f.percent(row.p_alive) },
    { key: "silent", title: t("silent"), right: true, wide: true, show: (row) => t("days", { count: row.silent_days }) },
    { key: "rhythm", title: t("rhythm"), explain: "rhythm", right: true, wide: true, show: (row) => (row.rhythm_days === null ? t("common:dash") : t("days", { count: Math.round(row.rhythm_days) })) },
  ]
  return <PagedTable label={t("movers")} list={list} columns={columns} rowKey={(row) => row.customer_id} empty={<p className="soft pad">{t("moversNone")}</p>} />
}
