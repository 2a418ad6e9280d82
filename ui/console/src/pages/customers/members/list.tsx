import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Button, Select } from "antd"
import { useCallback, useMemo } from "react"
import { useTranslation } from "react-i18next"
import { Link, useNavigate } from "react-router"
import { atLeast } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { useUrl } from "../../../lib/url"
import { Blank } from "../../../parts/blank"
import { Search } from "../../../parts/search"
import { PagedTable, type Column } from "../../../parts/table"
import "../../../styles/trade.css"
import { asks, type Listed } from "./asks"
import { TiersDrawer } from "./tiers"
import { useTierName } from "./words"

const link = (row: Listed) => `/customers/members/${row.member.member_id}`

function useColumns(): Column<Listed>[] {
  const { t } = useTranslation(["members", "common"])
  const f = useFormats()
  const tierName = useTierName()
  return useMemo(
    () => [
      {
        key: "name",
        title: t("name"),
        show: ({ member }) => (
          <>
            <Link to={link({ member } as Listed)}>{member.name || t("nameless")}</Link> {member.closed_at && <span className="state cancelled">{t("closed")}</span>}
          </>
        ),
      },
      { key: "contact", title: t("contact"), wrap: true, show: ({ member }) => <Contact of={member} /> },
      { key: "tier", title: t("tier"), wide: true, show: ({ member }) => tierName(member.tier) ?? t("common:dash") },
      { key: "addresses", title: t("addresses"), right: true, wide: true, show: (row) => f.whole(row.addresses) },
      { key: "sessions", title: t("sessions"), right: true, wide: true, show: (row) => f.whole(row.sessions) },
      { key: "entered", title: t("entered"), right: true, wide: true, show: ({ member }) => f.moment(member.entered_at) },
      { key: "joined", title: t("joined"), right: true, wide: true, show: ({ member }) => f.day(member.created_at) },
    ],
    [t, f, tierName],
  )
}

/** Accounts of the storefront: who they are, in which tier, when they came last. */
export default function MembersPage() {
  const { t } = useTranslation(["members", "common"])
  const f = useFormats()
  const go = useNavigate()
  const [url, setUrl] = useUrl({ q: "", tier: "", tiers: "" })
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const tiers = useQuery(asks.tiers())
  const list = useInfiniteQuery(asks.members(url.q, url.tier))
  const total = list.data?.pages[0]?.total
  const find = useCallback((q: string) => setUrl({ q }, true), [setUrl])
  const tierName = useTierName()
  const filtered = !!(url.q || url.tier)
  const clear = () => setUrl({ q: "", tier: "" })
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{t("title")}</h1>
          <p className="lead num" aria-live="polite">
            {total === undefined ? t("lead") : t("total", { count: total, shown: f.compact(total) })}
          </p>
        </div>
        <Button onClick={() => setUrl({ tiers: "open" })}>{t("tiers.title")}</Button>
      </div>
      <div className="tbar">
        <Search label={t("searchLabel")} placeholder={t("search")} value={url.q} onChange={find} width={260} />
        {!!tiers.data?.length && (
          <Select
            aria-label={t("tier")}
            className="w-state"
            value={url.tier}
            onChange={(tier) => setUrl({ tier })}
            options={[
              { value: "", label: t("everyTier") },
              ...tiers.data.map((tier) => ({ value: tier.key, label: tierName(tier.key) ?? tier.key })),
              { value: "-", label: t("noTier") },
            ]}
          />
        )}
        {filtered && (
          <Button type="link" onClick={clear}>
            {t("common:table.clear")}
          </Button>
        )}
      </div>
      <PagedTable
        list={list}
        label={t("title")}
        columns={useColumns()}
        rowKey={(row) => row.member.member_id}
        rowClass={(row) => (row.member.closed_at ? "gone" : "")}
        onOpen={(row) => void go(link(row))}
        empty={<Nobody filtered={filtered} onClear={clear} />}
      />
      <TiersDrawer open={url.tiers === "open"} may={atLeast(me?.role, "operator")} onClose={() => setUrl({ tiers: "" })} />
    </div>
  )
}

function Contact({ of: member }: { of: Listed["member"] }) {
  return (
    <span className="contact num">
      {member.email && <span>{member.email}</span>} {member.phone && <span>{member.phone}</span>}
    </span>
  )
}

function Nobody({ filtered, onClear }: { filtered: boolean; onClear(): void }) {
  const { t } = useTranslation(["members", "common"])
  if (filtered) {
    return (
      <Blank title={t("none")} actions={<Button onClick={onClear}>{t("common:table.clear")}</Button>}>
        {t("noneWhy")}
      </Blank>
    )
  }
  return <Blank title={t("empty")}>{t("emptyWhy")}</Blank>
}
