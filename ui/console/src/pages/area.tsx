import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { unbuilt, type Unbuilt } from "../app/nav"
import { ask } from "../lib/queries"
import { Bones } from "../parts/blank"
import { Trouble } from "../parts/trouble"

/** A section without a screen yet: honest about it, and clear about what will stand here. */
export function AreaPage({ area }: { area: Unbuilt }) {
  const { t, i18n } = useTranslation("common")
  const strategy = useQuery(ask.strategy())
  const ids: readonly string[] = unbuilt[area]
  const coming = strategy.data?.sections.flatMap((section) => section.capabilities).filter((one) => ids.includes(one.id))
  const zh = i18n.language === "zh"
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{t(`nav.${area}`)}</h1>
          <p className="lead">{t("area.lead")}</p>
        </div>
      </div>
      {strategy.error ? (
        <Trouble error={strategy.error} onRetry={() => void strategy.refetch()} />
      ) : (
        <section className="sheet">
          {coming ? (
            <ul className="plainlist">
              {coming.map((one) => (
                <li key={one.id}>
                  <strong>{zh ? one.title_zh : one.title_en}</strong>
                  <span className="soft">{zh ? one.what_zh : one.what_en}</span>
                </li>
              ))}
            </ul>
          ) : (
            <Bones rows={ids.length} height={40} />
          )}
        </section>
      )}
      <p className="after">
        <Link to="/strategy">{t("area.link")}</Link>
      </p>
    </div>
  )
}

export function MissingPage() {
  const { t } = useTranslation("common")
  return (
    <div className="page">
      <h1>{t("area.missing")}</h1>
      <p className="lead">{t("area.missingLead")}</p>
      <p className="after">
        <Link to="/today">{t("area.home")}</Link>
      </p>
    </div>
  )
}
