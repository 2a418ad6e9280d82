import { useQuery } from "@tanstack/react-query"
import { Input } from "antd"
import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import { Blank } from "../../../parts/blank"
import { Table, type Column } from "../../../parts/table"
import { Trouble } from "../../../parts/trouble"
import { asks, type ConsentCount, type Erased, type Look } from "./asks"

/** Who looked at whom: one row a viewer, person and hour. */
export function LooksTab({ person, onPerson }: { person: string; onPerson(person: string): void }) {
  const { t } = useTranslation("privacy")
  const f = useFormats()
  const found = useQuery(asks.looks(person))
  if (found.error) return <Trouble error={found.error} onRetry={() => void found.refetch()} />
  const columns: Column<Look>[] = [
    { key: "operator", title: t("col.operator"), show: (row) => row.operator },
    { key: "person", title: t("col.person"), wrap: true, show: (row) => <span className="num">{row.person_id}</span> },
    { key: "what", title: t("col.what"), show: (row) => t(`what.${row.what}`) },
    { key: "hour", title: t("col.hour"), right: true, show: (row) => f.moment(row.hour) },
  ]
  return (
    <section className="sheet">
      <div className="pad">
        <Input.Search defaultValue={person} placeholder={t("all")} aria-label={t("find")} allowClear onSearch={onPerson} style={{ maxWidth: 280 }} />
      </div>
      <Table
        label={t("tab.looks")}
        columns={columns}
        rows={found.data}
        rowKey={(row) => [row.operator, row.person_id, row.hour, row.what].join(" ")}
        empty={<Blank title={t("looksNone")}>{t("looksMeans")}</Blank>}
      />
    </section>
  )
}

/** The replay list: keyed hashes of every erased identifier. */
export function ErasedTab() {
  const { t } = useTranslation("privacy")
  const f = useFormats()
  const found = useQuery(asks.erased())
  if (found.error) return <Trouble error={found.error} onRetry={() => void found.refetch()} />
  const columns: Column<Erased>[] = [
    { key: "person", title: t("col.person"), show: (row) => <span className="num">{row.person}</span> },
    { key: "token", title: t("col.token"), wrap: true, show: (row) => <code className="small">{row.token.slice(0, 16)}…</code> },
    { key: "at", title: t("col.at"), right: true, show: (row) => f.moment(row.erased_at) },
  ]
  return (
    <section className="sheet">
      <p className="pad soft small">
        {t("erasedMeans")} {t("erasedFile")}
      </p>
      <Table label={t("tab.erased")} columns={columns} rows={found.data} rowKey={(row) => row.token} empty={<Blank title={t("erasedNone")}>{t("erasedMeans")}</Blank>} />
    </section>
  )
}

type Both = { purpose: ConsentCount["purpose"]; channel: ConsentCount["channel"]; yes: number; no: number }

/** How many people allow or refuse each purpose on each channel. */
export function ConsentsTab() {
  const { t } = useTranslation("privacy")
  const f = useFormats()
  const found = useQuery(asks.counts())
  if (found.error) return <Trouble error={found.error} onRetry={() => void found.refetch()} />
  const columns: Column<Both>[] = [
    { key: "purpose", title: t("col.purpose"), show: (row) => t(`purpose.${row.purpose}`) },
    { key: "channel", title: t("col.channel"), show: (row) => t(`channel.${row.channel}`) },
    { key: "yes", title: t("col.allowed"), right: true, show: (row) => f.whole(row.yes) },
    { key: "no", title: t("col.refused"), right: true, show: (row) => f.whole(row.no) },
  ]
  return (
    <section className="sheet">
      <Table
        label={t("tab.consents")}
        columns={columns}
        rows={found.data && paired(found.data)}
        rowKey={(row) => `${row.purpose} ${row.channel}`}
        empty={<Blank title={t("consentsNone")}>{t("consentsMeans")}</Blank>}
      />
    </section>
  )
}

function paired(counts: ConsentCount[]): Both[] {
  const found = new Map<string, Both>()
  for (const { purpose, channel, granted, people } of counts) {
    const key = `${purpose} ${channel}`
    const row = found.get(key) ?? { purpose, channel, yes: 0, no: 0 }
    found.set(key, { ...row, [granted ? "yes" : "no"]: people })
  }
  return [...found.values()]
}
