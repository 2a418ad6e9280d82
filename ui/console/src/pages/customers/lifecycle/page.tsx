import { useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { stages, tiers, type Lifecycle } from "../../../lib/shapes"
import { useUrl } from "../../../lib/url"
import { Term } from "../../../parts/explain"
import "../../../styles/lifecycle.css"
import { Estimated, NoneYet } from "../estimated"
import { FlowCard } from "./flow"
import { ThresholdsDrawer } from "./thresholds"

/** Where every customer stands: stage by tier, who moved lately, and the boundaries that decide it. */
export default function LifecyclePage() {
  const { t } = useTranslation(["lifecycle", "common"])
  const f = useFormats()
  const [url, setUrl] = useUrl({ by: "stage", since: "", until: "", was: "", now: "", open: "" })
  const found = useQuery(ask.lifecycle())
  const data = found.data
  const lead = data?.as_of && t("lead", { count: data.customers, value: f.money(data.value_minor, { compact: true }), day: f.day(data.as_of) })
  return (
    <>
      <Estimated title={t("title")} lead={lead} aside={<Button onClick={() => setUrl({ open: "thresholds" })}>{t("thresholds")}</Button>} found={found} height={52}>
        {(known) =>
          known.as_of ? (
            <>
              <Matrix data={known} asOf={known.as_of} />
              <FlowCard asOf={known.as_of} url={url} onUrl={setUrl} />
            </>
          ) : (
            <NoneYet title={t("empty")} why={t("emptyWhy")} go={t("toData")} />
          )
        }
      </Estimated>
      <ThresholdsDrawer open={url.open === "thresholds"} data={data} onClose={() => setUrl({ open: "" })} />
    </>
  )
}

function Matrix({ data, asOf }: { data: Lifecycle; asOf: string }) {
  const { t } = useTranslation("lifecycle")
  const f = useFormats()
  const most = Math.max(1, ...data.cells.map((cell) => cell.customers))
  const sum = (cells: Lifecycle["cells"]) => ({
    customers: cells.reduce((all, cell) => all + cell.customers, 0),
    value: cells.reduce((all, cell) => all + cell.value_minor, 0),
  })
  const link = (stage: string, tier: string) => `/customers?${new URLSearchParams({ ...(stage && { stage }), ...(tier && { tier }) })}`
  const cell = (found: { customers: number; value: number }, to: string, heat: number) => (
    <td className="r cell">
      {heat > 0 && <span className="heat" style={{ opacity: 0.03 + 0.11 * heat }} aria-hidden />}
      {found.customers ? (
        <Link to={to} className="num">
          {f.whole(found.customers)}
        </Link>
      ) : (
        <span className="soft num">0</span>
      )}
      <small className="soft num">{f.money(found.value, { compact: true })}</small>
    </td>
  )
  return (
    <section className="sheet pad" aria-labelledby="matrix">
      <h2 id="matrix">{t("matrix")}</h2>
      <p className="soft small">{t("matrixLead")}</p>
      <div className="dscroll" tabIndex={0} role="region" aria-label={t("matrix")}>
        <table className="plaintable matrix">
          <thead>
            <tr>
              <th scope="col">
                <Term of="stage" asOf={asOf}>
                  {t("stage")}
                </Term>
              </th>
              {tiers.map((tier) => (
                <th key={tier} scope="col" className="r">
                  <Term of="tier" asOf={asOf}>
                    {t(`tiers.${tier}`)}
                  </Term>
                </th>
              ))}
              <th scope="col" className="r">
                {t("all")}
              </th>
            </tr>
          </thead>
          <tbody>
            {stages.map((stage) => {
              const row = data.cells.filter((one) => one.stage === stage)
              return (
                <tr key={stage}>
                  <th scope="row">
                    {t(`stages.${stage}`)}
                    <small className="soft nophone">{t(`stageMeans.${stage}`)}</small>
                  </th>
                  {row.map((one) => (
                    <Wrap key={one.tier}>{cell({ customers: one.customers, value: one.value_minor }, link(stage, one.tier), one.customers / most)}</Wrap>
                  ))}
                  {cell(sum(row), link(stage, ""), 0)}
                </tr>
              )
            })}
            <tr className="total">
              <th scope="row">{t("all")}</th>
              {tiers.map((tier) => (
                <Wrap key={tier}>{cell(sum(data.cells.filter((one) => one.tier === tier)), link("", tier), 0)}</Wrap>
              ))}
              {cell(sum(data.cells), "/customers", 0)}
            </tr>
          </tbody>
        </table>
      </div>
    </section>
  )
}

const Wrap = ({ children }: { children: React.ReactNode }) => <>{children}</>
