import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import type { ExportOutcome } from "../../../lib/shapes"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { Term } from "../../../parts/explain"
import { useExportWords } from "./words"

const LOW = 0.5

/** What came of the import: rows, the share of orders with a known buyer, rejects, screens that stay empty. */
export function Done({ outcome }: { outcome: ExportOutcome }) {
  const { t } = useTranslation(["exports", "common"])
  const f = useFormats()
  const words = useExportWords()
  const found = useQuery(ask.imports()).data?.find((one) => one.id === outcome.import_id)
  const sum = (key: "accepted" | "rejected" | "unchanged") =>
    Object.values(found?.files ?? {}).reduce((total, file) => total + file[key], 0)
  const share = outcome.share_identified
  return (
    <section className="sheet pad exportdone" aria-labelledby="done" role="status">
      <h2 id="done">{t("done")}</h2>
      {found && <p className="lead">{t("doneLead", { accepted: sum("accepted"), rejected: sum("rejected"), unchanged: sum("unchanged") })}</p>}
      <dl className="sums">
        <div>
          <dt>
            <Term of="identified">{t("identified")}</Term>
          </dt>
          <dd className="big num">{share === null ? t("common:unknown") : f.percent(share, 1)}</dd>
        </div>
      </dl>
      {share !== null && share < LOW && <p className="soft">{t("identifiedLow")}</p>}
      {outcome.empty_screens.length > 0 ? (
        <>
          <h3>{t("empty")}</h3>
          <ul className="plainbullets">
            {outcome.empty_screens.map((screen) => (
              <li key={screen}>{words.screen(screen)}</li>
            ))}
          </ul>
        </>
      ) : (
        <p className="soft">{t("emptyNone")}</p>
      )}
      <p className="row factlink">
        {sum("rejected") > 0 && <Link to={`/data/imports/${encodeURIComponent(outcome.import_id)}`}>{t("seeRejects")}</Link>}
        <Link to="/data">{t("toData")}</Link>
        <Link to="/today">{t("toToday")}</Link>
      </p>
    </section>
  )
}
