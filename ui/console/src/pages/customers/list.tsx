import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Button, Input, Segmented } from "antd"
import { useEffect, useMemo, useState } from "react"
import { useTranslation } from "react-i18next"
import { Link, useNavigate } from "react-router"
import type { CustomerRow } from "../../lib/shapes"
import { daysBetween } from "../../lib/format"
import { useFormats } from "../../lib/i18n"
import { ask } from "../../lib/queries"
import { oneOf, useUrl } from "../../lib/url"
import { Blank } from "../../parts/blank"
import { Figure } from "../../parts/explain"
import { PagedTable, type Column } from "../../parts/table"
import { hiddenColumns, hideWord, TableTools } from "../../parts/tabletools"
import { Meter, Spark } from "../../parts/viz"

const sorts = ["value", "orders", "p_alive", "last_on", "customer_id"] as const
const states = ["all", "active", "silent"] as const
const link = (row: CustomerRow) => `/customers/${encodeURIComponent(row.customer_id)}`

function useColumns(asOf: string | null | undefined): Column<CustomerRow>[] {
  const { t } = useTranslation(["customers", "common"])
  const f = useFormats()
  return useMemo(
    () => [
      {
        key: "customer_id",
        title: t("household"),
        sort: true,
        show: (row) => (
          <Link to={link(row)} className="num">
            {row.customer_id}
          </Link>
        ),
        csv: (row) => row.customer_id,
      },
      {
        key: "value",
        title: t("value"),
        explain: "value",
        right: true,
        sort: true,
        show: (row) =>
          row.value_minor ? (
            <>
              <Figure of="value" n={row.orders} asOf={asOf} to={link(row)} className="plain">
                {f.moneyRange(row.value_minor).mid}
              </Figure>{" "}
              <span className="range fixed">{t("common:range", f.moneyRange(row.value_minor))}</span>
            </>
          ) : (
            t("common:dash")
          ),
        csv: (row) => row.value_minor?.mid,
      },
      {
        key: "p_alive",
        title: t("alive"),
        explain: "alive",
        right: true,
        sort: true,
        show: (row) =>
          row.p_alive === null ? (
            t("common:dash")
          ) : (
            <>
              <Meter value={row.p_alive} />
              <span className="pct">{f.percent(row.p_alive)}</span>
            </>
          ),
        csv: (row) => row.p_alive,
      },
      { key: "orders", title: t("orders"), explain: "orders", right: true, sort: true, show: (row) => f.whole(row.orders), csv: (row) => row.orders },
      {
        key: "spend",
        title: t("spend"),
        explain: "spend",
        right: true,
        wide: true,
        show: (row) => f.money(row.spend_minor),
        csv: (row) => row.spend_minor,
      },
      {
        key: "rhythm",
        title: t("rhythm"),
        explain: "rhythm",
        right: true,
        wide: true,
        show: (row) => (row.rhythm_days === null ? t("common:dash") : t("everyDays", { count: Math.round(row.rhythm_days) })),
        csv: (row) => row.rhythm_days,
      },
      {
        key: "last_on",
        title: t("last"),
        explain: "lastOn",
        right: true,
        sort: true,
        show: (row) => (
          <span title={f.day(row.last_on)}>{asOf ? t("daysAgo", { count: daysBetween(row.last_on, asOf) }) : f.day(row.last_on)}</span>
        ),
        csv: (row) => row.last_on,
      },
      { key: "first_on", title: t("first"), right: true, wide: true, extra: true, show: (row) => f.day(row.first_on), csv: (row) => row.first_on },
      { key: "months", title: t("months"), explain: "months", wide: true, show: (row) => <Spark values={row.months} bars width={96} height={20} /> },
    ],
    [t, f, asOf],
  )
}

export default function CustomersPage() {
  const { t } = useTranslation(["customers", "common"])
  const f = useFormats()
  const go = useNavigate()
  const [url, setUrl] = useUrl({ q: "", state: "all", sort: "value", dir: "desc", cols: "" })
  const [text, setText] = useState(url.q)
  useEffect(() => setText(url.q), [url.q])
  useEffect(() => {
    if (text === url.q) return
    const wait = setTimeout(() => setUrl({ q: text }, true), 220)
    return () => clearTimeout(wait)
  }, [text, url.q, setUrl])
  const asOf = useQuery(ask.shop()).data?.as_of
  const filter = {
    q: url.q,
    state: oneOf(url.state, states) ?? "all",
    sort: oneOf(url.sort, sorts) ?? "value",
    desc: url.dir === "desc",
  }
  const asked = ask.customers(filter)
  const list = useInfiniteQuery(asked)
  const columns = useColumns(asOf)
  const hidden = hiddenColumns(columns, url.cols)
  const total = list.data?.pages[0]?.total
  const filtered = url.q !== "" || url.state !== "all"
  const clear = () => {
    setText("")
    setUrl({ q: "", state: "all" })
  }
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{t("title")}</h1>
          <p className="lead num" aria-live="polite">
            {total === undefined ? "\u00a0" : t("total", { count: total, shown: f.compact(total) })}
          </p>
        </div>
      </div>
      <div className="tbar">
        <Input
          aria-label={t("searchLabel")}
          placeholder={t("search")}
          value={text}
          allowClear
          onChange={(event) => setText(event.target.value)}
          style={{ width: 220 }}
        />
        <Segmented
          aria-label={t("state")}
          value={url.state}
          onChange={(state) => setUrl({ state })}
          options={states.map((state) => ({ value: state, label: t(`states.${state}`) }))}
        />
        {filtered && (
          <Button type="link" onClick={clear}>
            {t("common:table.clear")}
          </Button>
        )}
        <TableTools
          name="customers"
          path="/v1/customers"
          filter={filter}
          fetch={asked.fetch}
          columns={columns}
          hidden={hidden}
          onHide={(key, hide) => setUrl({ cols: hideWord(hidden, key, hide) }, true)}
        />
      </div>
      <PagedTable
        label={t("title")}
        list={list}
        columns={columns.filter((column) => !hidden.has(column.key))}
        rowKey={(row) => row.customer_id}
        sorting={{ by: url.sort, desc: url.dir === "desc", onSort: (sort, desc) => setUrl({ sort, dir: desc ? "desc" : "asc" }) }}
        onOpen={(row) => void go(link(row))}
        asOf={asOf}
        empty={<Nobody filtered={filtered} onClear={clear} />}
      />
    </div>
  )
}

function Nobody({ filtered, onClear }: { filtered: boolean; onClear(): void }) {
  const { t } = useTranslation(["customers", "common"])
  const go = useNavigate()
  if (filtered) return <Blank title={t("none")} actions={<Button onClick={onClear}>{t("common:table.clear")}</Button>} />
  const action = (
    <Button type="primary" onClick={() => void go("/data?open=upload")}>
      {t("import")}
    </Button>
  )
  return (
    <Blank title={t("empty")} actions={action}>
      {t("emptyWhy")}
    </Blank>
  )
}
