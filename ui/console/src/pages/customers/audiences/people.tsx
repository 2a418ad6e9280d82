import { useInfiniteQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { useFormats } from "../../../lib/i18n"
import { Blank, Bones } from "../../../parts/blank"
import { PagedTable, type Column } from "../../../parts/table"
import { TableTools } from "../../../parts/tabletools"
import { asks, membersFile, type Change, type Member, type Row } from "./asks"

const link = (person: string) => `/customers/${encodeURIComponent(person)}`
type Why = { onWhy(person: string): void }

function usePersonColumns<T extends { person_id: string }>({ onWhy }: Why): { customer: Column<T>; why: Column<T> } {
  const { t } = useTranslation("audiences")
  return {
    customer: {
      key: "customer",
      title: t("customer"),
      show: (row) => (
        <Link to={link(row.person_id)} className="num">
          {row.person_id}
        </Link>
      ),
    },
    why: {
      key: "why",
      title: t("why"),
      right: true,
      show: (row) => (
        <button type="button" className="linklike" aria-label={`${t("why")}: ${row.person_id}`} onClick={() => onWhy(row.person_id)}>
          {t("why")}
        </button>
      ),
    },
  }
}

/** Who is in it now, who came last first. */
export function MembersTable({ row, onWhy }: Why & { row: Row }) {
  const { t } = useTranslation("audiences")
  const f = useFormats()
  const list = useInfiniteQuery(asks.members(row))
  const { customer, why } = usePersonColumns<Member>({ onWhy })
  const since: Column<Member> = { key: "since", title: t("memberSince"), explain: "audienceSince", show: (member) => <span className="num">{f.localTime(member.since)}</span> }
  const empty = row.state === "evaluating" ? <Bones rows={5} height={35} /> : <Blank title={t("membersNone")}>{t("membersNoneWhy")}</Blank>
  return (
    <>
      <div className="tbar">
        <TableTools name={`audience-${row.id}`} file={membersFile(row.id)} call={{ path: `/v1/audiences/${row.id}/members`, query: {} }} />
      </div>
      <PagedTable label={t("members")} list={list} columns={[customer, since, why]} rowKey={(member) => member.person_id} keys={{ e: (member) => onWhy(member.person_id) }} empty={empty} />
    </>
  )
}

/** Who entered and who left, newest first. */
export function ChangesTable({ row: audience, onWhy }: Why & { row: Row }) {
  const { t } = useTranslation("audiences")
  const f = useFormats()
  const list = useInfiniteQuery(asks.changes(audience))
  const { customer, why } = usePersonColumns<Change>({ onWhy })
  const columns: Column<Change>[] = [
    { key: "when", title: t("when"), show: (row) => <span className="num">{f.localTime(row.at)}</span> },
    customer,
    { key: "what", title: t("what"), show: (row) => <span className={`change ${row.kind}`}>{t(`kind.${row.kind}`)}</span> },
    { key: "cause", title: t("cause.title"), explain: "audienceCause", wide: true, show: (row) => (row.cause === "definition" ? t("becauseVersion", { version: row.version }) : t(`cause.${row.cause}`)) },
    why,
  ]
  const empty = <Blank title={t("changesNone")}>{t("changesNoneWhy")}</Blank>
  return <PagedTable label={t("tabs.changes")} list={list} columns={columns} rowKey={(row) => `${row.person_id}-${row.at}-${row.kind}-${row.version}`} empty={empty} />
}
