import { useMutation, useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useTranslation } from "react-i18next"
import { Link, useNavigate, useParams } from "react-router"
import { atLeast } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import { ask, queries } from "../../../lib/queries"
import { useUrl } from "../../../lib/url"
import { Bones } from "../../../parts/blank"
import { Figure, Term } from "../../../parts/explain"
import { Segments } from "../../../parts/choice"
import { sentenceOf, Trouble } from "../../../parts/trouble"
import { Late } from "../economics/late"
import "../../../styles/audiences.css"
import { asks, definitionOf, writes, type DayCount, type Row } from "./asks"
import { EvidenceDrawer } from "./evidence"
import { Changes } from "./list"
import { ChangesTable, MembersTable } from "./people"
import { childrenOf, type Node } from "./language"
import { productsIn, useSay } from "./say"
import { AudienceState } from "./state"
import { Versions } from "./versions"

const loadChart = () => import("../../../charts/audience")
const LOOK_AGAIN_MS = 15_000 // facts arrive all the time, and members with them
const tabs = ["members", "changes", "versions"] as const

/** One audience: how many, how that went, who they are and why, and what it was before. */
export default function AudiencePage() {
  const { t } = useTranslation(["audiences", "common"])
  const { id = "" } = useParams()
  const [url, setUrl] = useUrl({ tab: "members", person: "", as: "chart" })
  const found = useQuery({ ...asks.one(id), refetchInterval: (query) => (query.state.data?.state === "evaluating" ? 1_500 : LOOK_AGAIN_MS) })
  const row = found.data
  const tab = tabs.find((one) => one === url.tab) ?? "members"
  const why = (person: string) => setUrl({ person })
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/customers/audiences">{t("back")}</Link>
      </p>
      {found.error ? (
        <Trouble error={found.error} onRetry={() => void found.refetch()} />
      ) : !row ? (
        <section className="sheet">
          <Bones rows={10} height={44} />
        </section>
      ) : (
        <>
          <Head row={row} />
          <div className="two">
            <div>
              <History row={row} as={url.as} onAs={(as) => setUrl({ as }, true)} />
              <nav className="tabs audiencetabs" aria-label={t("tabsLabel")}>
                {tabs.map((one) => (
                  <Link key={one} to={`?tab=${one}`} replace preventScrollReset aria-current={one === tab ? "page" : undefined}>
                    {t(`tabs.${one}`)}
                  </Link>
                ))}
              </nav>
              {tab === "members" ? <MembersTable row={row} onWhy={why} /> : tab === "changes" ? <ChangesTable row={row} onWhy={why} /> : <Versions row={row} />}
            </div>
            <Meaning row={row} />
          </div>
          <EvidenceDrawer person={url.person} definition={definitionOf(row)} asked={asks.evidence(row.id, url.person)} onClose={() => setUrl({ person: "" })} />
        </>
      )}
    </div>
  )
}

function Head({ row }: { row: Row }) {
  const { t } = useTranslation(["audiences", "common"])
  const f = useFormats()
  const go = useNavigate()
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const { notification } = useNotices()
  const fresh = () => void queries.invalidateQueries({ queryKey: ["/v1/audiences"] })
  const failed = (problem: unknown) => notification.error({ title: sentenceOf(problem), duration: 8 })
  const back = useMutation({ mutationFn: () => writes.restore(row.id), onSuccess: fresh, onError: failed })
  const archive = useMutation({
    mutationFn: () => writes.archive(row.id),
    onSuccess: () => {
      fresh()
      const key = `archived-${row.id}`
      const undo = () => {
        notification.destroy(key)
        back.mutate()
      }
      notification.open({ key, title: t("archived", { name: row.name }), description: t("archivedMeans"), duration: 10, actions: <Button size="small" onClick={undo}>{t("common:act.undo")}</Button> })
      void go("/customers/audiences")
    },
    onError: failed,
  })
  const may = atLeast(me?.role, "operator")
  const put = row.state === "archived"
  return (
    <div className="head">
      <div>
        <h1>{row.name}</h1>
        <p className="lead">
          {row.note && <span className="block">{row.note}</span>}
          <span className="small num">{t("since", { version: row.version, who: row.updated_by, at: f.moment(row.updated_at) })}</span>
        </p>
      </div>
      {may && (
        <div className="row">
          {put ? (
            <Button loading={back.isPending} onClick={() => back.mutate()}>
              {t("unarchive")}
            </Button>
          ) : (
            <>
              <Button type="text" loading={archive.isPending} onClick={() => archive.mutate()}>
                {t("archive")}
              </Button>
              <Button type="primary" onClick={() => void go(`/customers/audiences/${row.id}/edit`)}>
                {t("edit")}
              </Button>
            </>
          )}
        </div>
      )}
    </div>
  )
}

function History({ row, as, onAs }: { row: Row; as: string; onAs(as: string): void }) {
  const { t } = useTranslation("audiences")
  const found = useQuery(asks.history(row))
  const days = found.data?.days
  return (
    <section className="sheet pad" aria-labelledby="history">
      <div className="shead">
        <h2 id="history">
          <Term of="audienceHistory">{t("history")}</Term>
        </h2>
        <Segments label={t("showAs")} value={as === "table" ? "table" : "chart"} options={[{ value: "chart", label: t("asChart") }, { value: "table", label: t("asTable") }]} onChange={onAs} />
      </div>
      {found.error ? (
        <Trouble error={found.error} onRetry={() => void found.refetch()} />
      ) : !days ? (
        <div className="chart short" />
      ) : days.length < 2 && as !== "table" ? (
        <div className="chart short hollow">
          <p className="soft">{t("historyNone")}</p>
        </div>
      ) : as === "table" ? (
        <Days days={days} />
      ) : (
        <Late load={loadChart} days={days} />
      )}
    </section>
  )
}

function Days({ days }: { days: DayCount[] }) {
  const { t } = useTranslation("audiences")
  const f = useFormats()
  return (
    <div className="scroll tall" tabIndex={0} role="region" aria-label={t("history")}>
      <table className="plaintable">
        <thead>
          <tr>
            <th scope="col">{t("day")}</th>
            <th scope="col" className="r">{t("inIt")}</th>
            <th scope="col" className="r">{t("kind.entered")}</th>
            <th scope="col" className="r">{t("kind.left")}</th>
          </tr>
        </thead>
        <tbody>
          {[...days].reverse().map((day) => (
            <tr key={day.day}>
              <th scope="row" className="num">{f.day(day.day)}</th>
              <td className="r num">{f.whole(day.count)}</td>
              <td className="r num">{f.whole(day.entered)}</td>
              <td className="r num">{f.whole(day.left)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** How many now, and the definition as an indented list of sentences. */
function Meaning({ row }: { row: Row }) {
  const { t } = useTranslation("audiences")
  const f = useFormats()
  const definition = definitionOf(row)
  const { leaf } = useSay(productsIn(definition))
  return (
    <section className="sheet pad meaning" aria-labelledby="meaning">
      <p className="fitcount">
        <Figure of="audienceMembers" className="fitnumber">
          {f.whole(row.count)}
        </Figure>{" "}
        <AudienceState row={row} />
      </p>
      <p className="small">
        <Changes row={row} /> <span className="soft">({t("column.changes")})</span>
      </p>
      {row.evaluated_at && <p className="soft small num">{t("countedAt", { at: f.localTime(row.evaluated_at) })}</p>}
      <h2 id="meaning" className="after2">
        {t("definition")}
      </h2>
      <Outline node={definition.where} leaf={leaf} />
    </section>
  )
}

function Outline({ node, leaf }: { node: Node; leaf: ReturnType<typeof useSay>["leaf"] }) {
  const { t } = useTranslation("audiences")
  const none = node.op === "not" && node.of.op === "or" ? node.of : null
  if (none || node.op === "and" || node.op === "or") {
    const mode = none ? "none" : (node.op as "and" | "or")
    return (
      <div className="outline">
        <span className="soft small">{t(`mode.${mode}`)}</span>
        <ul>
          {childrenOf(none ?? node).map((one, i) => (
            <li key={i}>
              <Outline node={one} leaf={leaf} />
            </li>
          ))}
        </ul>
      </div>
    )
  }
  if (node.op === "not") {
    return (
      <div className="outline">
        <strong>{t("not")}</strong> <Outline node={node.of} leaf={leaf} />
      </div>
    )
  }
  return <span>{leaf(node)}</span>
}
