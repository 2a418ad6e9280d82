import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { atLeast } from "../../lib/api"
import { ask } from "../../lib/queries"
import { useUrl } from "../../lib/url"
import { AssumptionsTab } from "./assumptions"
import { AuditTab } from "./audit"
import { MeTab } from "./me"
import { OperatorsTab } from "./operators"
import { PlaysTab } from "./plays"
import { TokensTab } from "./tokens"

const tabs = [
  { key: "assumptions", role: "viewer", Tab: AssumptionsTab },
  { key: "plays", role: "viewer", Tab: PlaysTab },
  { key: "operators", role: "admin", Tab: OperatorsTab },
  { key: "tokens", role: "viewer", Tab: TokensTab },
  { key: "audit", role: "approver", Tab: AuditTab },
  { key: "me", role: "viewer", Tab: MeTab },
] as const

export default function SettingsPage() {
  const { t } = useTranslation("settings")
  const [url] = useUrl({ tab: "assumptions" })
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const mine = tabs.filter((tab) => atLeast(me?.role, tab.role))
  const chosen = mine.find((tab) => tab.key === url.tab) ?? mine[0]
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{t("title")}</h1>
          <p className="lead">{chosen ? t(`about.${chosen.key}`) : ""}</p>
        </div>
      </div>
      <nav className="tabs" aria-label={t("title")}>
        {mine.map((tab) => (
          <Link key={tab.key} to={`?tab=${tab.key}`} aria-current={tab === chosen ? "page" : undefined}>
            {t(`tab.${tab.key}`)}
          </Link>
        ))}
      </nav>
      {chosen && <chosen.Tab />}
    </div>
  )
}
