import { useQuery } from "@tanstack/react-query"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { Refused } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { Bones } from "../../../parts/blank"
import { sentenceOf } from "../../../parts/trouble"
import { pictureUrl } from "../products/asks"
import { asks, type Draft, type Preview } from "./asks"
import { useBoth } from "./words"

const breath = 500

/** What stood still for a moment, so that half typed rules are not asked about. */
function useSettled(draft: Draft | null): Draft | null {
  const text = JSON.stringify(draft)
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const wait = setTimeout(() => setSettled(text), breath)
    return () => clearTimeout(wait)
  }, [text])
  return JSON.parse(settled) as Draft | null
}

/** The goods that a promotion touches, and what it would take off each by itself. */
export function Touches({ draft }: { draft: Draft | null }) {
  const { t } = useTranslation("pricing")
  const found = useQuery(asks.preview(useSettled(draft)))
  const wrong = found.error instanceof Refused && found.error.status < 500 ? sentenceOf(found.error) : found.error && t("touch.away")
  return (
    <section className="touches" aria-label={t("touch.title")} aria-live="polite">
      <h3>{t("touch.title")}</h3>
      {wrong ? <p className="soft small">{wrong}</p> : found.data && draft ? <Found of={found.data} delivery={draft.benefit.kind === "free_delivery"} /> : <Bones rows={4} height={30} />}
    </section>
  )
}

function Found({ of, delivery }: { of: Preview; delivery: boolean }) {
  const { t } = useTranslation("pricing")
  const f = useFormats()
  const both = useBoth()
  if (!of.variants) return <p className="bad small">{t("touch.none")}</p>
  const money = (minor: number) => f.money(minor, { exact: true })
  const warnings = [
    of.unpriced > 0 && t("touch.unpriced", { count: of.unpriced }),
    of.held_back > 0 && t("touch.heldBack", { count: of.held_back }),
    of.no_cost > 0 && t("touch.noCost", { count: of.no_cost }),
    !delivery && of.untouched > 0 && t("touch.untouched", { count: of.untouched }),
  ].filter((one): one is string => !!one)
  return (
    <>
      <p>
        {t("touch.goods", { products: f.whole(of.products), variants: f.whole(of.variants) })}
        {of.looked < of.variants && <span className="soft small"> {t("touch.looked", { looked: f.whole(of.looked) })}</span>}
      </p>
      {warnings.length > 0 && (
        <ul className="plainbullets small">
          {warnings.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
      <ul className="touched">
        {of.lines.map((line) => (
          <li key={line.sku}>
            {line.image ? <img src={pictureUrl(line.image)} alt="" width={36} height={36} loading="lazy" /> : <span className="noimage" aria-hidden />}
            <span className="what">
              {both(line.title)} <span className="soft small">{[...line.choices.map(both), t("touch.units", { count: line.quantity })].filter(Boolean).join(" · ")}</span>
              {line.cut_minor < line.wanted_minor && <span className="reason">{both(line.why)}</span>}
            </span>
            <span className="num sum">
              {delivery ? (
                money(line.subtotal_minor)
              ) : (
                <>
                  {line.cut_minor > 0 && <s className="soft">{money(line.subtotal_minor)}</s>} {money(line.subtotal_minor - line.cut_minor)}
                  <span className="soft small">{line.cut_minor ? money(-line.cut_minor) : t("touch.nothing")}</span>
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      {of.lines.length < of.looked - of.unpriced && <p className="soft small">{t("touch.most", { count: of.lines.length })}</p>}
    </>
  )
}
