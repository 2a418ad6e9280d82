import { useInfiniteQuery } from "@tanstack/react-query"
import { Input } from "antd"
import { useTranslation } from "react-i18next"
import type { AuditRow } from "../../lib/shapes"
import { useFormats } from "../../lib/i18n"
import { told } from "../../lib/told"
import { ask } from "../../lib/queries"
import { useUrl } from "../../lib/url"
import { PagedTable, type Column } from "../../parts/table"
import { TableTools } from "../../parts/tabletools"

export function AuditTab() {
  const { t } = useTranslation(["settings", "common"])
  const f = useFormats()
  const [url, setUrl] = useUrl({ tab: "assumptions", actor: "", action: "" })
  const filter = { actor: url.actor, action: url.action }
  const asked = ask.audit(filter)
  const list = useInfiniteQuery(asked)
  const columns: Column<AuditRow>[] = [
    { key: "at", title: t("at"), show: (row) => <span className="num">{f.moment(row.at)}</span>, csv: (row) => row.at },
    { key: "actor", title: t("actor"), show: (row) => row.actor, csv: (row) => row.actor },
    { key: "action", title: t("actionHead"), show: (row) => <code>{row.action}</code>, csv: (row) => row.action },
    { key: "target", title: t("target"), wide: true, wrap: true, show: (row) => <code>{row.target}</code>, csv: (row) => row.target },
    {
      key: "detail",
      title: t("detail"),
      wide: true,
      wrap: true,
      show: (row) => <span className="soft small breakable">{told(row.detail)}</span>,
      csv: (row) => JSON.stringify(row.detail),
    },
  ]
  return (
    <>
      <div className="tbar">
        <Input aria-label={t("actor")} placeholder={t("actor")} allowClear defaultValue={url.actor} onPressEnter={(event) => setUrl({ actor: event.currentTarget.value })} onClear={() => setUrl({ actor: "" })} style={{ width: 160 }} />
        <Input aria-label={t("actionHead")} placeholder={t("actionHead")} allowClear defaultValue={url.action} onPressEnter={(event) => setUrl({ action: event.currentTarget.value })} onClear={() => setUrl({ action: "" })} style={{ width: 200 }} />
        <TableTools name="audit" path="/v1/audit" filter={filter} fetch={asked.fetch} columns={columns} />
      </div>
      <PagedTable label={t("tab.audit")} list={list} columns={columns} rowKey={(row) => String(row.id)} empty={<p className="soft pad">{t("auditNone")}</p>} />
    </>
  )
}
