import { useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useTranslation } from "react-i18next"
import { atLeast } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { oneOf, useUrl } from "../../../lib/url"
import { Blank } from "../../../parts/blank"
import { Table, type Column } from "../../../parts/table"
import { Trouble } from "../../../parts/trouble"
import { asks, type Request } from "./asks"
import { ConsentsTab, ErasedTab, LooksTab } from "./lists"
import { NewRequest } from "./new"
import { RequestDrawer } from "./request"
import { RetentionTab } from "./retention"

const tabs = ["requests", "looks", "retention", "consents", "erased"] as const

/** The privacy desk: requests with their deadlines, who looked at whom, how long facts are kept. */
export default function PrivacyPage() {
  const { t } = useTranslation("privacy")
  const [url, setUrl] = useUrl({ tab: "requests", request: "", person: "", ask: "", kind: "" })
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const operator = atLeast(me?.role, "operator")
  const approver = atLeast(me?.role, "approver")
  const shown = tabs.filter((tab) => approver || (tab !== "looks" && tab !== "erased"))
  const tab = oneOf(url.tab, shown) ?? "requests"
  const bodies = {
    requests: <Requests onOpen={(request) => setUrl({ request })} />,
    looks: <LooksTab person={url.person} onPerson={(person) => setUrl({ person })} />,
    retention: <RetentionTab may={atLeast(me?.role, "admin")} />,
    consents: <ConsentsTab />,
    erased: <ErasedTab />,
  }
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{t("title")}</h1>
          <p className="lead">{t("lead")}</p>
        </div>
        {operator && (
          <Button type="primary" onClick={() => setUrl({ ask: "new" })}>
            {t("new")}
          </Button>
        )}
      </div>
      {me && operator && (
        <>
          <div className="row" role="group" aria-label={t("tab.label")} style={{ flexWrap: "wrap" }}>
            {shown.map((key) => (
              <Button key={key} type={key === tab ? "primary" : "default"} ghost={key === tab} aria-pressed={key === tab} onClick={() => setUrl({ tab: key })}>
                {t(`tab.${key}`)}
              </Button>
            ))}
          </div>
          {bodies[tab]}
        </>
      )}
      {me && !operator && <ConsentsTab />}
      <NewRequest open={url.ask === "new"} person={url.person} kind={url.kind} onClose={() => setUrl({ ask: "", kind: "" })} onMade={(request) => setUrl({ ask: "", kind: "", tab: "requests", request })} />
      <RequestDrawer id={url.request} me={me ?? undefined} onClose={() => setUrl({ request: "" })} />
    </div>
  )
}

function Requests({ onOpen }: { onOpen(id: string): void }) {
  const { t } = useTranslation("privacy")
  const f = useFormats()
  const found = useQuery(asks.requests())
  if (found.error) return <Trouble error={found.error} onRetry={() => void found.refetch()} />
  const today = new Date().toISOString().slice(0, 10)
  const over = (row: Request) => row.state === "done" || row.state === "cancelled"
  const late = (row: Request) => !over(row) && row.due_on < today
  const columns: Column<Request>[] = [
    {
      key: "kind",
      title: t("col.kind"),
      show: (row) => (
        <button type="button" className="linklike" onClick={() => onOpen(row.id)}>
          {t(`kind.${row.kind}`)}
        </button>
      ),
    },
    { key: "person", title: t("col.person"), wrap: true, show: (row) => <span className="num">{row.person_id}</span> },
    {
      key: "due",
      title: t("col.due"),
      right: true,
      show: (row) => <span className={late(row) ? "bad" : over(row) ? "soft" : ""}>{late(row) ? t("overdue", { day: f.day(row.due_on) }) : f.day(row.due_on)}</span>,
    },
    { key: "state", title: t("col.state"), show: (row) => <span className={row.state === "failed" ? "bad" : ""}>{t(`state.${row.state}`)}</span> },
    { key: "by", title: t("col.by"), wide: true, show: (row) => row.made_by },
  ]
  return (
    <section className="sheet">
      <Table label={t("tab.requests")} columns={columns} rows={found.data} rowKey={(row) => row.id} empty={<Blank title={t("none")}>{t("noneMeans")}</Blank>} />
    </section>
  )
}
