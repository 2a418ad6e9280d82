import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import type explainWords from "../locales/en/explain.json"
import { idle } from "../lib/early"
import { loadWords, useFormats } from "../lib/i18n"

export type Explained = Exclude<keyof typeof explainWords, "label">

type Shown = { of: Explained; n?: string; asOf?: string; box: DOMRect }

function read(target: EventTarget | null): { element: HTMLElement; shown: Shown } | null {
  const element = (target as Element | null)?.closest?.<HTMLElement>("[data-explain]")
  if (!element) return null
  const { explain, explainN, explainAsOf } = element.dataset
  const shown = { of: explain as Explained, n: explainN, asOf: explainAsOf, box: element.getBoundingClientRect() }
  return { element, shown }
}

const fetchWords = () => loadWords("explain")

/** One floating card for the whole console: whatever carries data-explain says what it is. Its words come at idle or before the first card. */
export function ExplainLayer() {
  const [shown, setShown] = useState<Shown | null>(null)
  const timer = useRef<number>(0)
  useEffect(() => idle(() => void fetchWords()), [])
  useEffect(() => {
    const forget = () => {
      clearTimeout(timer.current)
      timer.current = 0
    }
    const wait = (event: Event, delay: number) => {
      forget()
      const found = read(event.target)
      if (!found) return setShown(null)
      const mine = (timer.current = window.setTimeout(() => {
        void fetchWords().then(() => mine === timer.current && setShown(read(found.element)?.shown ?? null))
      }, delay))
    }
    const over = (event: Event) => wait(event, 320)
    const focus = (event: FocusEvent) => {
      if ((event.target as Element).matches(":focus-visible")) wait(event, 0)
    }
    const tap = (event: Event) => {
      if ((event.target as Element).closest("button.term")) wait(event, 0)
      else setShown(null)
    }
    const hide = (event: Event) => {
      if (event instanceof KeyboardEvent && event.key !== "Escape") return
      forget()
      setShown(null)
    }
    addEventListener("pointerover", over)
    addEventListener("focusin", focus)
    addEventListener("click", tap)
    addEventListener("keydown", hide)
    addEventListener("scroll", hide, { capture: true, passive: true })
    return () => {
      forget()
      removeEventListener("pointerover", over)
      removeEventListener("focusin", focus)
      removeEventListener("click", tap)
      removeEventListener("keydown", hide)
      removeEventListener("scroll", hide, { capture: true })
    }
  }, [])
  return shown && <Card {...shown} />
}

function Card({ of, n, asOf, box }: Shown) {
  const { t } = useTranslation("explain")
  const f = useFormats()
  const card = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const el = card.current
    if (!el) return
    const { width, height } = el.getBoundingClientRect()
    const left = Math.max(12, Math.min(box.left, innerWidth - width - 12))
    const below = box.bottom + 8 + height < innerHeight
    el.style.left = `${left}px`
    el.style.top = `${below ? box.bottom + 8 : Math.max(12, box.top - height - 8)}px`
  })
  return (
    <div ref={card} className="explain" role="tooltip">
      <strong>{t(`${of}.name`)}</strong>
      <p>{t(`${of}.what`)}</p>
      <dl>
        <dt>{t("label.how")}</dt>
        <dd>{t(`${of}.how`)}</dd>
        {asOf && (
          <>
            <dt>{t("label.fresh")}</dt>
            <dd>{t("label.asOf", { day: f.day(asOf) })}</dd>
          </>
        )}
        {n && (
          <>
            <dt>{t("label.n")}</dt>
            <dd className="num">{f.whole(Number(n))}</dd>
          </>
        )}
      </dl>
    </div>
  )
}

type FigureProps = { of: Explained; n?: number; asOf?: string | null; to?: string; className?: string; children: ReactNode }

/** A number that says what it is on hover or focus, and leads to the rows behind it on click. */
export function Figure({ of, n, asOf, to, className = "", children }: FigureProps) {
  const about = { "data-explain": of, "data-explain-n": n, "data-explain-as-of": asOf ?? undefined }
  if (to) {
    return (
      <Link to={to} className={`fig num ${className}`} {...about}>
        {children}
      </Link>
    )
  }
  return (
    <span className={`num ${className}`} {...about}>
      {children}
    </span>
  )
}

/** A word of the trade with its definition, reachable by keyboard and by touch. */
export function Term({ of, n, asOf, children }: { of: Explained; n?: number; asOf?: string | null; children: ReactNode }) {
  return (
    <button type="button" className="term" data-explain={of} data-explain-n={n} data-explain-as-of={asOf ?? undefined}>
      {children}
    </button>
  )
}
