import { useQuery } from "@tanstack/react-query"
import { Segmented } from "antd"
import { useTranslation } from "react-i18next"
import { addDays } from "../../../lib/format"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { stages, tiers, type LifecycleFlow } from "../../../lib/shapes"
import { oneOf } from "../../../lib/url"
import { Bones } from "../../../parts/blank"
import { Term } from "../../../parts/explain"
import { Trouble } from "../../../parts/trouble"
import { MoversDrawer } from "./movers"
import { Sankey } from "./sankey"
import { movesOf, usePlaceName, type Moved } from "./words"

const bys = ["stage", "tier"] as const
const spans = [7, 28, 90] as const
type Url = { by: string; since: string; until: string; was: string; now: string }
type Props = { asOf: string; url: Url; onUrl(patch: Partial<Url>): void }

/** Who stood where at the beginning, who went where, who stands where at the end: the balance is exact. */
export function FlowCard({ asOf, url, onUrl }: Props) {
  const { t } = useTranslation("lifecycle")
  const f = useFormats()
  const by = oneOf(url.by, bys) ?? "stage"
  const until = url.until || asOf
  const found = useQuery(ask.lifecycleFlow({ since: url.since || undefined, until, by }))
  const since = url.since || found.data?.since || addDays(until, -28)
  const now = oneOf(url.now, [...stages, ...tiers])
  const move = now ? { was: oneOf(url.was, [...stages, ...tiers]) ?? null, now } : null
  const pick = (picked: Moved) => onUrl({ was: picked.was ?? "", now: picked.now })
  const day = (name: "since" | "until", value: string, min?: string, max?: string) => (
    <label className="dayfield">
      <span>{t(name)}</span>
      <input type="date" value={value} min={min} max={max} onChange={(event) => event.target.value && onUrl({ [name]: event.target.value })} />
    </label>
  )
  return (
    <section className="sheet pad" aria-labelledby="flow">
      <div className="shead">
        <h2 id="flow">
          <Term of="flow" asOf={asOf}>
            {t("flow")}
          </Term>
        </h2>
        <Segmented size="small" aria-label={t("by")} value={by} onChange={(value) => onUrl({ by: value })} options={bys.map((value) => ({ value, label: t(value) }))} />
      </div>
      <div className="tbar flowbar">
        {day("since", since, undefined, until)}
        {day("until", until, since, asOf)}
        <Segmented
          size="small"
          aria-label={t("span")}
          value={spans.find((span) => until === asOf && since === addDays(asOf, -span)) ?? 0}
          onChange={(span) => onUrl({ since: addDays(asOf, -span), until: "" })}
          options={spans.map((value) => ({ value, label: t("days", { count: value }) }))}
        />
      </div>
      {found.error ? (
        <Trouble error={found.error} onRetry={() => void found.refetch()} />
      ) : found.data ? (
        <>
          <Sankey flow={found.data} onPick={pick} />
          <Balance flow={found.data} onPick={pick} />
          {found.data.recorded_since && since < found.data.recorded_since && (
            <p className="warn small">{t("recordedSince", { day: f.day(found.data.recorded_since) })}</p>
          )}
          <p className="soft small">
            {t("flowExact")}{" "}
            {found.data.changes > 0 &&
              t("undone", { count: found.data.changes, share: f.percent(found.data.undone / found.data.changes), days: found.data.undone_days })}
          </p>
        </>
      ) : (
        <Bones rows={14} height={36} />
      )}
      <MoversDrawer move={move} since={since} until={until} asOf={asOf} onClose={() => onUrl({ was: "", now: "" })} />
    </section>
  )
}

function Balance({ flow, onPick }: { flow: LifecycleFlow; onPick(move: Moved): void }) {
  const { t } = useTranslation("lifecycle")
  const f = useFormats()
  const place = usePlaceName()
  const places: readonly string[] = flow.by === "stage" ? stages : tiers
  const moves = movesOf(flow)
  const most = Math.max(1, ...flow.moves.map((move) => move.customers))
  const left = flow.moves.some((move) => move.now === null)
  const cell = (was: string | null, now: string | null) => {
    const count = moves.find((move) => move.was === was && move.now === now)?.customers ?? 0
    return (
      <td key={now} className="r num cell">
        {count > 0 && was !== now && <span className="heat" style={{ opacity: 0.03 + 0.12 * (count / most) }} aria-hidden />}
        {count > 0 && now !== null ? (
          <button type="button" className="linklike num" onClick={() => onPick({ was, now })}>
            {f.whole(count)}
          </button>
        ) : (
          <span className={count ? "" : "soft"}>{f.whole(count)}</span>
        )}
      </td>
    )
  }
  return (
    <div className="dscroll" tabIndex={0} role="region" aria-label={t("flow")}>
      <table className="plaintable matrix">
        <thead>
          <tr>
            <th scope="col">{t("fromTo")}</th>
            <th scope="col" className="r">
              {t("opening", { day: f.day(flow.since, "short") })}
            </th>
            {places.map((name) => (
              <th key={name} scope="col" className="r">
                {t("to", { place: place(name) })}
              </th>
            ))}
            {left && (
              <th scope="col" className="r">
                {t("gone")}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {places.map((was) => (
            <tr key={was}>
              <th scope="row">{place(was)}</th>
              <td className="r num">{f.whole(flow.opening[was] ?? 0)}</td>
              {places.map((now) => cell(was, now))}
              {left && cell(was, null)}
            </tr>
          ))}
          <tr>
            <th scope="row">{t("arrived")}</th>
            <td />
            {places.map((now) => cell(null, now))}
            {left && <td />}
          </tr>
          <tr className="total">
            <th scope="row">{t("closing", { day: f.day(flow.until, "short") })}</th>
            <td />
            {places.map((now) => (
              <td key={now} className="r num">
                {f.whole(flow.closing[now] ?? 0)}
              </td>
            ))}
            {left && <td />}
          </tr>
        </tbody>
      </table>
    </div>
  )
}
