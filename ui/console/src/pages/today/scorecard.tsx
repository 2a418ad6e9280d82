import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import type { Interval, PlayScore, Scorecard, ScorePoint } from "../../lib/shapes"
import { useFormats } from "../../lib/i18n"
import { useShopNames, useTitles } from "../../lib/names"
import { files } from "../../lib/queries"
import { Segments } from "../../parts/choice"
import { Term } from "../../parts/explain"
import { TableTools } from "../../parts/tabletools"

type Pick = { view?: string; play?: string }
type Props = { card: Scorecard; view: string; play: string; onPick(patch: Pick): void }

const loadChart = () => import("../../charts/calibration")
type Chart = Awaited<ReturnType<typeof loadChart>>["default"]

/** Fetched in an effect: a late Suspense boundary would be held back by 300 ms. */
function LateChart(props: Parameters<Chart>[0]) {
  const [Ready, setReady] = useState<Chart | null>(null)
  useEffect(() => {
    void loadChart().then((module) => setReady(() => module.default))
  }, [])
  return Ready ? <Ready {...props} /> : <div className="chart" />
}

const units = ["minor", "buyers", "customers", "units"] as const
const kinds = ["observed_untreated", "policy_replay", "trial"] as const

export function useUnitName() {
  const { t } = useTranslation("common")
  return (unit: string) => {
    const known = units.find((one) => one === unit)
    return known ? t(`calibration.${known}`) : t("calibration.other", { unit })
  }
}

type Scored = { expected: Interval; observed: number; unit: string }

/** How the figures of one unit are written: money with the same digits in all of them. */
function useScoreFormat() {
  const f = useFormats()
  return (of: Scored[]) => {
    const money = f.column(of.flatMap((row) => [row.expected, row.observed]))
    return (value: number) => (of[0]?.unit === "minor" ? money.money(value) : f.quantity(value))
  }
}

export function ScorecardCard({ card, view, play, onPick }: Props) {
  const { t } = useTranslation(["today", "common"])
  const { playName } = useTitles()
  const plays = [...card.plays].sort((a, b) => Number(b.in_calibration) - Number(a.in_calibration))
  const chosen = plays.find((row) => row.play === play) ?? plays[0]
  const points = card.points.filter((point) => point.play === chosen?.play)
  const views = [
    { value: "chart", label: t("common:calibration.chart") },
    { value: "table", label: t("common:calibration.table") },
  ]
  return (
    <section className="sheet pad" aria-labelledby="calibration">
      <div className="shead">
        <h2 id="calibration">
          <Term of="coverage">{t("calib")}</Term>
        </h2>
        {chosen && (
          <div className="row">
            <Segments label={t("common:calibration.view")} value={view} onChange={(value) => onPick({ view: value })} options={views} />
            <TableTools name="scorecard" file={files.scorecard(chosen.play)} call={{ path: "/v1/scorecard", query: { play: chosen.play } }} />
          </div>
        )}
      </div>
      {!chosen ? (
        <p className="lead">{t("calibNone")}</p>
      ) : (
        <>
          {plays.length > 1 && (
            <Segments
              label={t("common:calibration.play")}
              className="playpick"
              value={chosen.play}
              onChange={(value) => onPick({ play: value })}
              options={plays.map((row) => ({ value: row.play, label: playName(row.play) }))}
            />
          )}
          <Sentence score={chosen} points={points} />
          {view === "chart" ? <LateChart score={chosen} points={points} /> : <PointTable points={points} />}
          <PlayTable plays={plays} />
        </>
      )}
    </section>
  )
}

function Sentence({ score, points }: { score: PlayScore; points: ScorePoint[] }) {
  const { t } = useTranslation(["today", "common"])
  const f = useFormats()
  const show = useScoreFormat()([score])
  const kind = kinds.find((one) => one === score.kind)
  const words = {
    expected: show(score.expected.mid),
    low: show(score.expected.low),
    high: show(score.expected.high),
    observed: show(score.observed),
    n: f.whole(score.n),
    points: f.whole(points.length),
    days: f.whole(score.days),
    coverage: score.coverage === null ? "" : f.percent(score.coverage),
  }
  return (
    <p className="lead">
      {t(score.coverage === null ? "calibSumShort" : "calibSum", words)}{" "}
      {kind && <span className="soft">{t(`common:calibration.${kind}`)}</span>}
    </p>
  )
}

function PlayTable({ plays }: { plays: PlayScore[] }) {
  const { t } = useTranslation("common")
  return (
    <div className="scroll">
      <table className="plaintable cards">
        <thead>
          <tr>
            <th scope="col">{t("calibration.play")}</th>
            <th scope="col" className="r">{t("calibration.expected")}</th>
            <th scope="col" className="r">{t("calibration.interval")}</th>
            <th scope="col" className="r">{t("calibration.observed")}</th>
            <th scope="col" className="r">
              <Term of="coverage">{t("calibration.coverage")}</Term>
            </th>
            <th scope="col" className="r">{t("calibration.n")}</th>
          </tr>
        </thead>
        <tbody>
          {plays.map((row) => (
            <PlayLine key={row.play + row.kind} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** On a phone each figure carries its own heading, so that nothing has to be scrolled sideways. */
function PlayLine({ row }: { row: PlayScore }) {
  const { t } = useTranslation("common")
  const f = useFormats()
  const { playName } = useTitles()
  const unitName = useUnitName()
  const show = useScoreFormat()([row])
  const { low, mid, high } = row.expected
  const held = row.coverage === null ? t("dash") : t("calibration.se", { coverage: f.percent(row.coverage), se: f.percent(row.coverage_se ?? 0, 1) })
  return (
    <tr>
      <th scope="row">
        {playName(row.play)} <span className="soft small">{unitName(row.unit)}</span>
        {!row.in_calibration && <div className="soft small">{t("calibration.forecastOnly")}</div>}
      </th>
      <td className="r num" data-label={t("calibration.expected")}>
        {show(mid)}
      </td>
      <td className="r num" data-label={t("calibration.interval")}>
        {t("range", { low: show(low), high: show(high) })}
      </td>
      <td className={`r num ${outside(row.observed, row.expected) ? "bad" : ""}`} data-label={t("calibration.observed")}>
        {show(row.observed)}
      </td>
      <td className="r num" data-label={t("calibration.coverage")}>
        {held}
      </td>
      <td className="r num" data-label={t("calibration.n")}>
        {f.whole(row.n)}
      </td>
    </tr>
  )
}

const outside = (observed: number, range: { low: number; high: number }) => observed < range.low || observed > range.high

function PointTable({ points }: { points: ScorePoint[] }) {
  const { t } = useTranslation("common")
  const f = useFormats()
  const show = useScoreFormat()(points)
  const { groupName } = useGroupNames()
  const newest = [...points].sort((a, b) => b.day.localeCompare(a.day)).slice(0, 60)
  return (
    <div className="scroll tall">
      <table className="plaintable">
        <thead>
          <tr>
            <th scope="col">{t("calibration.date")}</th>
            <th scope="col">{t("calibration.play")}</th>
            <th scope="col" className="r">{t("calibration.expected")}</th>
            <th scope="col" className="r">{t("calibration.interval")}</th>
            <th scope="col" className="r">{t("calibration.observed")}</th>
          </tr>
        </thead>
        <tbody>
          {newest.map((point) => (
            <tr key={point.day + point.group_key}>
              <td className="num">{f.day(point.day, "short")}</td>
              <th scope="row">{groupName(point)}</th>
              <td className="r num">{show(point.expected.mid)}</td>
              <td className="r num">
                {t("range", { low: show(point.expected.low), high: show(point.expected.high) })}
              </td>
              <td className={`r num ${outside(point.observed, point.expected) ? "bad" : ""}`}>{show(point.observed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function useGroupNames() {
  const names = useShopNames()
  return { groupName: (point: ScorePoint) => names.text(point.group_key) }
}
