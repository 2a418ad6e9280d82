import { useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { Bones, Blank } from "../../../parts/blank"
import { Trouble } from "../../../parts/trouble"
import { asks, type Both } from "./asks"
import { asked, empty, read, write, type Tried } from "./basket"
import { BasketForm } from "./basketform"
import { Beside } from "./beside"
import { Told } from "./told"

/** A second basket with nothing in it yet: it is there, and says so in the address. */
const blank = '{"l":[]}'

type Props = { a: string; b: string; onUrl(patch: { a?: string; b?: string }, replace?: boolean): void }

/** What would this basket cost, and why: the shop's own prices and promotions, nothing is held. Two can be compared. */
export function Simulator({ a, b, onUrl }: Props) {
  const { t } = useTranslation("pricing")
  const [one, setOne] = useKept(a, (text) => onUrl({ a: text }, true))
  const [other, setOther] = useKept(b, (text) => onUrl({ b: text || blank }, true))
  const two = b !== ""
  const first = useReckoned(one)
  const second = useReckoned(two ? other : empty)
  const names = useTitles([...one.lines, ...(two ? other.lines : [])].map((line) => line.sku).filter(Boolean))
  const compare = () => onUrl({ b: write(one) || blank })
  return (
    <>
      <div className={two ? "simulator both" : "simulator"}>
        <BasketForm title={two ? t("sim.a") : t("sim.basket")} tried={one} onChange={setOne} />
        {two && <BasketForm title={t("sim.b")} tried={other} onChange={setOther} />}
        {two && first.data && second.data && <Beside a={first.data} b={second.data} />}
        <div className="stack" aria-live="polite">
          <Outcome title={two ? t("sim.a") : undefined} of={first} names={names} />
        </div>
        {two && (
          <div className="stack" aria-live="polite">
            <Outcome title={t("sim.b")} of={second} names={names} />
          </div>
        )}
      </div>
      <p className="row simacts">
        {two ? <Button onClick={() => onUrl({ b: "" })}>{t("sim.alone")}</Button> : <Button onClick={compare}>{t("sim.compare")}</Button>}
        <span className="soft small">{t("sim.compareMeans")}</span>
      </p>
    </>
  )
}

/** A basket that the address keeps: typed at once, written a breath later, read again when the address changes. */
function useKept(text: string, onText: (text: string) => void) {
  const [tried, setTried] = useState(() => read(text))
  useEffect(() => setTried((now) => (write(now) === text ? now : read(text))), [text])
  const set = (next: Tried) => {
    setTried(next)
    onText(write(next))
  }
  return [tried, set] as const
}

function useReckoned(tried: Tried) {
  const body = asked(tried)
  return { ...useQuery(asks.simulated(body)), asked: body !== null }
}

/** What goods are called, by sku. */
function useTitles(skus: string[]): Record<string, Both> {
  const rows = useQuery(asks.titles([...new Set(skus)].sort())).data ?? []
  return Object.fromEntries(rows.flatMap((row) => row.skus.map((sku) => [sku, row.title] as const)))
}

function Outcome({ title, of, names }: { title?: string; of: ReturnType<typeof useReckoned>; names: Record<string, Both> }) {
  const { t } = useTranslation("pricing")
  if (of.asked && of.error) return <Trouble error={of.error} onRetry={() => void of.refetch()} />
  if (of.asked && of.data) return <Told title={title} quote={of.data} names={names} />
  if (of.asked) return <Bones rows={6} height={34} />
  return (
    <section className="sheet">
      <Blank title={t("sim.empty")}>{t("sim.emptyMeans")}</Blank>
    </section>
  )
}
