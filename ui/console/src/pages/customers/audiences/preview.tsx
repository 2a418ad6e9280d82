import { useQuery } from "@tanstack/react-query"
import { useEffect, useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { Refused } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { Bones } from "../../../parts/blank"
import { Term } from "../../../parts/explain"
import { sentenceOf } from "../../../parts/trouble"
import { asks, type Preview } from "./asks"
import { childrenOf, negated, ownerOf, type Definition } from "./language"
import { productsIn, useSay } from "./say"

const PAUSE_MS = 350

function useLater<T>(value: T): T {
  const key = JSON.stringify(value)
  const [later, setLater] = useState(value)
  useEffect(() => {
    const wait = setTimeout(() => setLater(JSON.parse(key) as T), PAUSE_MS)
    return () => clearTimeout(wait)
  }, [key])
  return later
}

export type Wrong = { path: string; at: string; message: string }

/** The refusal of one node, without the path that the card itself stands for. */
function wrongIn(error: unknown, definition: Definition): Wrong | undefined {
  if (!(error instanceof Refused)) return undefined
  const at = typeof error.params["path"] === "string" ? error.params["path"] : "where"
  const said = error.message.startsWith(at) ? error.message.slice(at.length).replace(/^[:\uff1a]\s*/, "") : error.message
  return { path: ownerOf(definition.where, at), at, message: said }
}

/** What a definition says now, a breath after the last change; the last answer stays while the next one comes. */
export function usePreview(definition: Definition) {
  const asked = useLater(definition)
  const empty = childrenOf(asked.where).length === 0 && (asked.where.op === "and" || asked.where.op === "or")
  const found = useQuery({ ...asks.preview(asked), enabled: !empty })
  const last = useRef<Preview | undefined>(undefined)
  if (found.data && !empty) last.current = found.data
  const waits = JSON.stringify(asked) !== JSON.stringify(definition)
  return {
    data: empty ? undefined : last.current,
    empty,
    busy: waits || (found.isFetching && !empty),
    error: empty ? null : found.error,
    wrong: found.error && !empty ? wrongIn(found.error, asked) : undefined,
  }
}

export type Previewed = ReturnType<typeof usePreview>

/** How many fit, of how many, and some of them with why. */
export function PreviewCard({ preview, definition, onWhy }: { preview: Previewed; definition: Definition; onWhy(person: string): void }) {
  const { t } = useTranslation(["audiences", "common"])
  const f = useFormats()
  const { data, busy, empty, wrong } = preview
  return (
    <section className={busy ? "sheet pad fitting stale" : "sheet pad fitting"} aria-labelledby="fitting" aria-busy={busy}>
      <h2 id="fitting">
        <Term of="audienceCount" n={data?.of}>
          {t("count")}
        </Term>
      </h2>
      <p className="fitcount" aria-live="polite">
        <span className="fitnumber num">{data ? f.whole(data.count) : empty ? t("everybody") : "\u00a0"}</span>{" "}
        <span className="soft num">{data ? t("ofShare", { share: f.percent(data.of ? data.count / data.of : 0, 1), of: f.whole(data.of) }) : "\u00a0"}</span>
      </p>
      <span className="fitbar" aria-hidden>
        <i style={{ width: `${data?.of ? (100 * data.count) / data.of : 0}%` }} />
      </span>
      <p className="soft small num fitline">
        {wrong ? (
          <button type="button" className="linklike bad" onClick={() => document.querySelector(`[data-path="${wrong.path}"]`)?.scrollIntoView({ block: "center" })}>
            {t("wrongAt", { path: wrong.at })}
          </button>
        ) : preview.error ? (
          <span className="bad">{sentenceOf(preview.error)}</span>
        ) : data ? (
          `${t("asAt", { at: f.localTime(data.as_at) })} \u00b7 ${t("took", { ms: f.whole(data.took_ms) })}`
        ) : (
          "\u00a0"
        )}
      </p>
      <h3>{t("sample")}</h3>
      {data ? <Sample data={data} definition={definition} onWhy={onWhy} /> : empty ? <p className="soft small">{t("addFirst")}</p> : <Bones rows={5} height={34} />}
    </section>
  )
}

function Sample({ data, definition, onWhy }: { data: Preview; definition: Definition; onWhy(person: string): void }) {
  const { t } = useTranslation("audiences")
  const f = useFormats()
  const { says } = useSay(productsIn(definition))
  if (data.sample.length === 0) return <p className="soft small">{t("sampleNone")}</p>
  const reason = (path: string, figure: number | null) => {
    const words = says(definition.where, path)
    return words === null ? null : (
      <li key={path}>
        {words}
        {figure !== null && <span className="num soft nowrap"> {"\u00b7"} {t("evidenceFigure", { figure: f.quantity(figure) })}</span>}
      </li>
    )
  }
  return (
    <ul className="sample">
      {data.sample.slice(0, 6).map((one) => (
        <li key={one.person_id}>
          <Link to={`/customers/${encodeURIComponent(one.person_id)}`} className="num">
            {one.person_id}
          </Link>
          <button type="button" className="linklike small" onClick={() => onWhy(one.person_id)}>
            {t("why")}
          </button>
          <ul className="small soft">{one.why.filter((why) => why.held !== negated(definition.where, why.path)).slice(0, 3).map((why) => reason(why.path, why.figure))}</ul>
        </li>
      ))}
    </ul>
  )
}
