import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { atLeast } from "../../../lib/api"
import { ask } from "../../../lib/queries"
import { oneOf, useUrl } from "../../../lib/url"
import "../../../styles/setup.css"
import { CategoriesTab } from "./categories"
import { ChannelsTab } from "./channels"
import { SellersTab } from "./sellers"

const tabs = ["categories", "sellers", "channels"] as const

/** What the shop stands on: where goods stand, who sells them, where and with which taxes. */
export default function SetupPage() {
  const { t } = useTranslation("setup")
  const [url, setUrl] = useUrl({ tab: "categories", edit: "" })
  const role = useQuery({ ...ask.me(), staleTime: Infinity }).data?.role
  const tab = oneOf(url.tab, tabs) ?? "categories"
  const props = { edit: url.edit, onEdit: (edit: string) => setUrl({ edit }) }
  const bodies = {
    categories: <CategoriesTab {...props} may={atLeast(role, "operator")} />,
    sellers: <SellersTab {...props} may={atLeast(role, "operator")} />,
    channels: <ChannelsTab {...props} may={atLeast(role, "approver")} />,
  }
  return (
    <div className="page setuppage">
      <div className="head">
        <div>
          <h1>{t("setup.title")}</h1>
          <p className="lead">{t("setup.lead")}</p>
        </div>
      </div>
      <nav className="tabs" aria-label={t("setup.tabs")}>
        {tabs.map((key) => (
          <Link key={key} to={`?tab=${key}`} aria-current={key === tab ? "page" : undefined}>
            {t(`setup.tab.${key}`)}
          </Link>
        ))}
      </nav>
      {bodies[tab]}
    </div>
  )
}
