import { useTranslation } from "react-i18next"
import { Link } from "react-router"

type Step = { key: string; done: boolean }
const known = ["import", "data", "cycle", "decide", "approve", "replay", "settle", "settled", "assumptions", "password", "own_data"] as const

const places: Record<string, string> = {
  import: "/data",
  data: "/data",
  cycle: "/today",
  decide: "/decisions",
  approve: "/decisions",
  replay: "/today",
  settle: "/decisions",
  settled: "/decisions",
  assumptions: "/settings?tab=assumptions",
  password: "/settings?tab=me",
  own_data: "/data/exports",
}

/** What is left to do on the first day; it leaves the page when all of it is done. */
export function FirstSteps({ steps }: { steps: Step[] }) {
  const { t } = useTranslation("today")
  const done = steps.filter((step) => step.done).length
  if (!steps.length || done === steps.length) return null
  const name = (key: string) => {
    const one = known.find((word) => word === key)
    return one ? t(`check.${one}`) : t("check.other", { key })
  }
  return (
    <section className="sheet pad" aria-labelledby="first">
      <h2 id="first">{t("first")}</h2>
      <p className="lead num">{t("firstDone", { done, all: steps.length })}</p>
      <ul className="checklist">
        {steps.map((step) => (
          <li key={step.key} className={step.done ? "done" : ""}>
            <span aria-hidden>{step.done ? "\u2713" : "\u25cb"}</span>
            {step.done ? name(step.key) : <Link to={places[step.key] ?? "/today"}>{name(step.key)}</Link>}
          </li>
        ))}
      </ul>
    </section>
  )
}
