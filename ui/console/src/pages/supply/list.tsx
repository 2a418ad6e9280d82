import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Button, Select } from "antd"
import { useCallback, useMemo } from "react"
import { useTranslation } from "react-i18next"
import { Link, useNavigate } from "react-router"
import type { DemandRow } from "../../lib/shapes"
import { client, take } from "../../lib/api"
import { useFormats } from "../../lib/i18n"
import { useShopNames } from "../../lib/names"
import { ask, files } from "../../lib/queries"
import { oneOf, useUrl } from "../../lib/url"
import { Blank } from "../../parts/blank"
import { Figure } from "../../parts/explain"
import { ListTable, sortingOf } from "../../parts/listtable"
import { Search } from "../../parts/search"
import type { Column } from "../../parts/table"
import { StateTag } from "../../parts/tags"
import { Spark } from "../../parts/viz"

const sorts = ["mean", "last_week", "p50", "p90", "title", "product_id"] as const
const link = (row: DemandRow) => `/supply/${encodeURIComponent(row.product_id)}`

/** Departments of the two hundred heaviest products: the ones somebody would filter by. */
function useDepartments(): string[] {
  const heavy = useQuery({
    queryKey: ["/v1/demand", "departments"],
    queryFn: ({ signal }) => take(client.GET("/v1/demand", { params: { query: { limit: 200 } }, signal })),
    staleTime: Infinity,
  })
  return useMemo(() => [...new Set((heavy.data?.rows ?? []).map((row) => row.department).filter((one) => one !== null))].sort(), [heavy.data])
}

function useColumns(asOf: string | null | undefined): Column<DemandRow>[] {
  const { t } = useTranslation(["supply", "common"])
  const f = useFormats()
  const names = useShopNames()
  return useMemo(
    () => [
      {
        key: "title",
        title: t("product"),
        wrap: true,
        sort: true,
        show: (row) => <Link to={link(row)}>{row.title}</Link>,
      },
      {
        key: "category",
        title: t("category"),
        wide: true,
        show: (row) => <span title={row.category ?? row.department ?? ""}>{names.text(row.category ?? row.department)}</span>,
      },
      {
        key: "department",
        title: t("department"),
        wide: true,
        extra: true,
        show: (row) => <span title={row.department ?? ""}>{names.text(row.department)}</span>,
      },
      { key: "spark", title: t("weeks13"), wide: true, show: (row) => <Spark values={row.spark} width={104} /> },
      {
        key: "last_week",
        title: t("lastWeek"),
        explain: "lastWeek",
        right: true,
        wide: true,
        sort: true,
        show: (row) => f.whole(row.last_week),
      },
      {
        key: "p50",
        title: t("nextWeek"),
        explain: "demand",
        right: true,
        sort: true,
        show: (row) => (
          <Figure of="demand" asOf={asOf} to={link(row)} className="plain">
            {f.quantity(row.p50)}
          </Figure>
        ),
      },
      {
        key: "range",
        title: t("range80"),
        explain: "demand",
        right: true,
        show: (row) => <span className="range">{t("common:range", { low: f.quantity(row.p10), high: f.quantity(row.p90) })}</span>,
      },
      {
        key: "decision",
        title: t("decision"),
        explain: "units",
        right: true,
        show: (row) =>
          row.decision ? (
            <Link to={`${link(row)}?decision=${encodeURIComponent(row.decision.id)}`}>{t("units", { count: row.decision.units })}</Link>
          ) : (
            <span className="soft">{t("common:dash")}</span>
          ),
      },
      {
        key: "state",
        title: t("state"),
        wide: true,
        show: (row) => (row.decision ? <StateTag state={row.decision.state} /> : null),
      },
    ],
    [t, f, names, asOf],
  )
}

export default function DemandPage() {
  const { t } = useTranslation(["supply", "common"])
  const f = useFormats()
  const go = useNavigate()
  const names = useShopNames()
  const [url, setUrl] = useUrl({ q: "", department: "", sort: "p50", dir: "desc" })
  const asOf = useQuery(ask.shop()).data?.as_of
  const departments = useDepartments()
  const query = {
    q: url.q,
    department: url.department,
    sort: oneOf(url.sort, sorts) ?? "p50",
    desc: url.dir === "desc",
  }
  const asked = ask.demand(query)
  const total = useInfiniteQuery(asked).data?.pages[0]?.total
  const filtered = !!(url.q || url.department)
  const find = useCallback((q: string) => setUrl({ q }, true), [setUrl])
  const filters = (
    <>
      <Search label={t("searchLabel")} placeholder={t("search")} value={url.q} onChange={find} width={240} />
      <Select
        aria-label={t("department")}
        className="w-dept"
        value={url.department}
        onChange={(department) => setUrl({ department })}
        options={[{ value: "", label: t("allDepartments") }, ...departments.map((one) => ({ value: one, label: names.text(one), title: one }))]}
      />
      {filtered && (
        <Button type="link" onClick={() => setUrl({ q: "", department: "" })}>
          {t("common:table.clear")}
        </Button>
      )}
    </>
  )
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{t("title")}</h1>
          <p className="lead num" aria-live="polite">
            {total === undefined ? "\u00a0" : t("lead", { count: total, shown: f.compact(total) })}
          </p>
        </div>
      </div>
      <ListTable
        name="supply"
        label={t("title")}
        asked={asked}
        file={files.demand(query)}
        call={{ path: "/v1/demand", query }}
        views
        filters={filters}
        columns={useColumns(asOf)}
        rowKey={(row) => row.product_id}
        sorting={sortingOf(url, setUrl)}
        onOpen={(row) => void go(link(row))}
        asOf={asOf}
        empty={<Blank title={t(filtered ? "none" : "empty")}>{t(filtered ? "noneWhy" : "emptyWhy")}</Blank>}
      />
      <p className="after soft small">
        {t("coming")} <Link to="/strategy#section-supply">{t("comingLink")}</Link>
      </p>
    </div>
  )
}
