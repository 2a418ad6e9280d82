import { Button } from "antd"
import { FactField, SpanField, WindowField } from "./fields"
import type { Sequence, Step } from "./language"
import type { LeafProps } from "./leaf"
import { usePhrases } from "./say"
import { raw, Sentence } from "./sentence"


/** One thing after another, each with how soon, and what was not done in between. */
export function SequenceFields({ node, onChange, today }: LeafProps<Sequence>) {
  const { t } = usePhrases()
  const { steps } = node
  const set = (next: Step[]) => onChange({ ...node, steps: inOrder(next) })
  const put = (at: number, step: Step) => set(steps.map((one, i) => (i === at ? step : one)))
  const move = (at: number, by: -1 | 1) => {
    const next = [...steps]
    const [one] = next.splice(at, 1)
    if (one) next.splice(at + by, 0, one)
    set(next)
  }
  const order = { fact: "order" } as const
  return (
    <div className="steplist">
      <p className="soft small">{t("sequenceStart")}</p>
      <ol>
        {steps.map((step, i) => (
          <li key={i} aria-label={t("stepLabel", { n: i + 1 })}>
            <div className="phrase">
              <StepFields step={step} first={i === 0} last={i === steps.length - 1} onChange={(next) => put(i, next)} />
            </div>
            <span className="moves">
              <Button size="small" type="text" aria-label={t("up")} disabled={!mayMove(steps, i, -1)} onClick={() => move(i, -1)}>
                {"\u2191"}
              </Button>
              <Button size="small" type="text" aria-label={t("down")} disabled={!mayMove(steps, i, 1)} onClick={() => move(i, 1)}>
                {"\u2193"}
              </Button>
              <Button size="small" type="text" aria-label={t("remove")} disabled={steps.length <= 1 || (i === 0 && "absent" in steps[1]!)} onClick={() => set(steps.filter((_, at) => at !== i))}>
                {"\u00d7"}
              </Button>
            </span>
          </li>
        ))}
      </ol>
      <div className="row tight">
        <Button size="small" type="link" onClick={() => set([...steps, { what: order, within: { days: 7 } }])}>
          {t("addStep")}
        </Button>
        <Button size="small" type="link" onClick={() => set([...steps, { absent: order, for: { days: 7 } }])}>
          {t("addAbsent")}
        </Button>
        <Sentence of={t("sequence.whole", raw)} parts={{ within: <SpanField value={node.within} any={t("sequence.anyLong")} onChange={(within) => onChange({ ...node, within })} /> }} />
        <WindowField value={node.window} today={today} onChange={(window) => onChange({ ...node, window })} />
      </div>
    </div>
  )
}

/** A first step follows nothing, and only the last may be absent for a time. */
function inOrder(steps: Step[]): Step[] {
  return steps.map((step, i) => {
    if ("absent" in step) return i < steps.length - 1 ? { absent: step.absent } : step
    return i === 0 ? { what: step.what } : step
  })
}

const mayMove = (steps: Step[], at: number, by: -1 | 1) => {
  const next = [...steps]
  const [one] = next.splice(at, 1)
  const to = at + by
  if (!one || to < 0 || to >= steps.length) return false
  next.splice(to, 0, one)
  return !("absent" in next[0]!)
}

type StepProps = { step: Step; first: boolean; last: boolean; onChange(step: Step): void }

function StepFields({ step, first, last, onChange }: StepProps) {
  const { t, known } = usePhrases()
  const { events } = known.lists
  if ("absent" in step) {
    const what = <FactField value={step.absent} events={events} onChange={(absent) => onChange({ ...step, absent })} />
    if (!last) return <Sentence of={t("sequence.not", raw)} parts={{ what }} />
    const within = <SpanField value={step.for} onChange={(span) => onChange({ absent: step.absent, ...(span ? { for: span } : {}) })} />
    return <Sentence of={t("sequence.notAfter", raw)} parts={{ what, within }} />
  }
  const what = <FactField value={step.what} events={events} onChange={(next) => onChange({ ...step, what: next })} />
  if (first) return <Sentence of={t("sequence.first", raw)} parts={{ what }} />
  const within = <SpanField value={step.within} onChange={(span) => onChange({ what: step.what, ...(span ? { within: span } : {}) })} />
  return <Sentence of={t("sequence.then", raw)} parts={{ what, within }} />
}
