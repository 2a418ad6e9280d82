import { useQuery } from "@tanstack/react-query"
import { Segmented } from "antd"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import type { Capability, CapabilityStatus, MeasuredFigure, StrategySection } from "../lib/shapes"
import { useFormats } from "../lib/i18n"
import { ask } from "../lib/queries"
import { useUrl } from "../lib/url"
import { Bones } from "../parts/blank"
import { Figure } from "../parts/explain"
import { Trouble } from "../parts/trouble"

const statuses = ["working", "partly", "not_built"] as const

/** The strategy in its own headings and order: what stands, what does not, and what this shop measures. */
export default function StrategyPage() {
  const { t } = useTranslation("strategy")
  const f = useFormats()
  const [url, setUrl] = useUrl({ status: "all" })
  const map = useQuery(ask.strategy())
  const all = map.data?.sections.flatMap((section) => section.capabilities) ?? []
  const count = (status: CapabilityStatus) => all.filter((one) => one.status === status).length
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{t("title")}</h1>
          <p className="lead">{t("lead")}</p>
        </div>
        <Segmented
          aria-label={t("show")}
          value={url.status}
          onChange={(status) => setUrl({ status })}
          options={[
            { value: "all", label: t("all", { count: all.length }) },
            ...statuses.map((status) => ({ value: status, label: t("counted", { status: t(`status.${status}`), count: f.whole(count(status)) }) })),
          ]}
        />
      </div>
      {map.error ? (
        <Trouble error={map.error} onRetry={() => void map.refetch()} />
      ) : map.data ? (
        map.data.sections.map((section) => <SectionCard key={section.id} section={section} status={url.status} asOf={map.data.as_of} />)
      ) : (
        <section className="sheet">
          <Bones rows={12} height={52} />
        </section>
      )}
    </div>
  )
}

type CardProps = { section: StrategySection; status: string; asOf: string | null }

function SectionCard({ section, status, asOf }: CardProps) {
  const { t, i18n } = useTranslation("strategy")
  const zh = i18n.language === "zh"
  const rows = section.capabilities.filter((one) => status === "all" || one.status === status)
  if (!rows.length) return null
  return (
    <section className="sheet strategy" id={`section-${section.id}`} aria-labelledby={`title-${section.id}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <h2 id={`title-${section.id}`}>{zh ? section.title_zh : section.title_en}</h2>
            </th>
            <th scope="col">{t("statusHead")}</th>
            <th scope="col">{t("reported")}</th>
            <th scope="col">{t("measured")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <CapabilityRow key={one.id} one={one} asOf={asOf} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function CapabilityRow({ one, asOf }: { one: Capability; asOf: string | null }) {
  const { t, i18n } = useTranslation("strategy")
  const zh = i18n.language === "zh"
  const title = zh ? one.title_zh : one.title_en
  const now = zh ? one.now_zh : one.now_en
  const reported = zh ? one.reported_zh : one.reported_en
  return (
    <tr>
      <th scope="row">
        {one.screen ? <Link to={one.screen}>{title}</Link> : <span>{title}</span>}
        <p className="soft small">{zh ? one.what_zh : one.what_en}</p>
        {now && <p className="small nowline">{now}</p>}
      </th>
      <td data-label={t("statusHead")}>
        <span className={`state ${one.status}`}>{t(`status.${one.status}`)}</span>
      </td>
      <td data-label={t("reported")} className="soft">
        {reported ?? t("dash")}
      </td>
      <td data-label={t("measured")}>{one.measured ? <Measured figure={one.measured} asOf={asOf} screen={one.screen} /> : <span className="soft">{t("noData")}</span>}</td>
    </tr>
  )
}

function Measured({ figure, asOf, screen }: { figure: MeasuredFigure; asOf: string | null; screen: string | null }) {
  const { t } = useTranslation("strategy")
  const f = useFormats()
  const shown = figure.unit === "share" ? f.percent(figure.value, 1) : f.money(figure.value, { exact: true })
  return (
    <>
      <Figure of={figure.key} n={figure.n} asOf={asOf} to={screen ?? undefined}>
        {shown}
      </Figure>
      <span className="soft small block">{t(`measure.${figure.key}`)}</span>
    </>
  )
}
