import { useTranslation } from "react-i18next"
import { Link, useParams } from "react-router"
import type { Reject } from "../../lib/shapes"
import { useFormats } from "../../lib/i18n"
import { ask, files } from "../../lib/queries"
import { Blank } from "../../parts/blank"
import { ListTable } from "../../parts/listtable"
import type { Column } from "../../parts/table"

export default function RejectsPage() {
  const { t } = useTranslation(["data", "common"])
  const f = useFormats()
  const { id = "" } = useParams()
  const columns: Column<Reject>[] = [
    { key: "file", title: t("fileHead"), show: (row) => row.file },
    { key: "row", title: t("row"), right: true, show: (row) => f.whole(row.row) },
    { key: "column", title: t("column"), show: (row) => row.column ?? t("common:dash") },
    { key: "value", title: t("value"), wrap: true, show: (row) => <code>{row.value ?? ""}</code> },
    { key: "reason", title: t("reason"), wrap: true, show: (row) => row.reason },
  ]
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/data">{t("title")}</Link>
      </p>
      <div className="head">
        <div>
          <h1>{t("rejectsTitle")}</h1>
          <p className="lead">{t("rejectsLead")}</p>
        </div>
        <a href={`/v1/imports/${encodeURIComponent(id)}/rejects.csv`} download>
          {t("rejectsCsv")}
        </a>
      </div>
      <ListTable
        name="rejects"
        label={t("rejectsTitle")}
        asked={ask.rejects(id)}
        file={files.rejects(id)}
        call={{ path: `/v1/imports/${id}/rejects`, query: {} }}
        columns={columns}
        rowKey={(row) => `${row.file}-${row.row}-${row.column}-${row.reason}`}
        empty={<Blank title={t("rejectsNone")} />}
      />
    </div>
  )
}
