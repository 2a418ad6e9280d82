import { useTranslation } from "react-i18next"
import type { AuditRow } from "../../lib/shapes"
import { useFormats } from "../../lib/i18n"
import { told } from "../../lib/told"
import { ask, files } from "../../lib/queries"
import { useUrl } from "../../lib/url"
import { ListTable } from "../../parts/listtable"
import { Search } from "../../parts/search"
import type { Column } from "../../parts/table"

export function AuditTab() {
  const { t } = useTranslation(["settings", "common"])
  const f = useFormats()
  const [url, setUrl] = useUrl({ tab: "assumptions", actor: "", action: "" })
  const filter = { actor: url.actor, action: url.action }
  const columns: Column<AuditRow>[] = [
    { key: "at", title: t("at"), show: (row) => <span className="num">{f.moment(row.at)}</span> },
    { key: "actor", title: t("actor"), show: (row) => row.actor },
    { key: "action", title: t("actionHead"), show: (row) => <code>{row.action}</code> },
    { key: "target", title: t("target"), wide: true, wrap: true, show: (row) => <code>{row.target}</code> },
    {
      key: "detail",
      title: t("detail"),
      wide: true,
      wrap: true,
      show: (row) => <span className="soft small breakable">{told(row.detail)}</span>,
    },
  ]
  const find = (word: "actor" | "action", width: number) => (
    <Search
      label={t(word === "actor" ? "actor" : "actionHead")}
      placeholder={t(word === "actor" ? "actor" : "actionHead")}
      value={url[word]}
      onChange={(value) => setUrl({ [word]: value }, true)}
      width={width}
    />
  )
  return (
    <ListTable
      name="audit"
      label={t("tab.audit")}
      asked={ask.audit(filter)}
      file={files.audit(filter)}
      call={{ path: "/v1/audit", query: filter }}
      filters={
        <>
          {find("actor", 160)}
          {find("action", 200)}
        </>
      }
      columns={columns}
      rowKey={(row) => String(row.id)}
      empty={<p className="soft pad">{t("auditNone")}</p>}
    />
  )
}
