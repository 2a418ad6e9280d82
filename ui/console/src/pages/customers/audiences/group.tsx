import { Button } from "antd"
import { createContext, useContext, type ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { Menu, type MenuItem } from "../../../parts/menu"
import { Segments } from "../../../parts/choice"
import { useFormats } from "../../../lib/i18n"
import { useKnown } from "./known"
import { begin, childrenOf, leafOps, type Group, type Leaf, type Node } from "./language"
import { LeafFields } from "./leaf"

/** What every card of the builder needs: the counts, what the server refused and where, and the ways to change. */
export type Building = {
  counts: Record<string, number> | undefined
  wrong: { path: string; at: string; message: string } | undefined
  today: string
  busy: boolean
  onChange(path: string, make: (node: Node) => Node | null): void
  onShift(path: string, by: -1 | 1): void
}
export const BuildingContext = createContext<Building | null>(null)

function useBuilding(): Building {
  const found = useContext(BuildingContext)
  if (!found) throw new Error("a card needs a BuildingContext above it")
  return found
}

type Place = { path: string; at: number; of: number }
type Mode = "and" | "or" | "none"

/** All of, any of or none of some conditions: none of them is "not any of them". */
export const noneOf = (node: Node): Group | null => (node.op === "not" && node.of.op === "or" ? node.of : null)
const moded = (mode: Mode, of: Node[]): Node => (mode === "none" ? { op: "not", of: { op: "or", of } } : { op: mode, of })

export function NodeCard({ node, ...place }: Place & { node: Node }) {
  const none = noneOf(node)
  if (none) return <GroupCard {...place} inner={`${place.path}.of`} mode="none" kids={none.of} />
  if (node.op === "and" || node.op === "or") return <GroupCard {...place} inner={place.path} mode={node.op} kids={node.of} />
  if (node.op === "not") return <NotCard {...place} node={node.of} />
  return <LeafCard {...place} node={node} />
}

/** A new condition of a kind, with the shop's own first words in it. */
function useBegin() {
  const { lists } = useKnown()
  return (op: Node["op"]) =>
    begin(op, { trait: lists.traits[0]?.value, aspect: lists.aspects[0]?.value, persona: lists.personas[0]?.value, audience: lists.audiences[0]?.value, event: lists.events[0]?.value })
}

function useOps() {
  const { t } = useTranslation("audiences")
  const { ready, lists } = useKnown()
  const some = { trait: lists.traits, persona: lists.personas, text: lists.aspects, audience: lists.audiences }
  const there = leafOps.filter((op) => !ready || !(op in some) || some[op as keyof typeof some].length > 0)
  return there.map((op) => ({ key: op, label: t(`op.${op}`) }))
}

type GroupProps = Place & { inner: string; mode: Mode; kids: Node[] }

function GroupCard({ path, at, of, inner, mode, kids }: GroupProps) {
  const { t } = useTranslation("audiences")
  const { onChange, onShift, wrong } = useBuilding()
  const root = path === "where"
  const make = useBegin()
  const add = (node: Node) => {
    onChange(path, () => moded(mode, [...kids, node]))
    focusAt(`${inner}.of.${kids.length}`)
  }
  const turn = (next: string) => onChange(path, () => moded(next as Mode, kids))
  const only = kids.length === 1 ? kids[0] : undefined
  const dissolve = () => only && onChange(path, () => (mode === "none" ? { op: "not", of: only } : only))
  return (
    <section className={root ? "gcard root" : "gcard"} data-path={path} aria-label={t(`mode.${mode}`)}>
      <header>
        <Segments label={t("modeLabel")} value={mode} options={(["and", "or", "none"] as const).map((one) => ({ value: one, label: t(`mode.${one}`) }))} onChange={turn} />
        <span className="cardend">
          <Count path={path} />
          {!root && <Moves path={path} at={at} of={of} onShift={onShift} onRemove={() => remove(onChange, path)} />}
          {!root && only && <Menu label={<span aria-hidden>{"\u22ef"}</span>} name={t("moreGroup")} items={[{ key: "unwrap", label: t("unwrap"), run: dissolve }]} />}
        </span>
      </header>
      {wrong?.path === path || wrong?.path === inner ? <Wrong /> : null}
      {kids.length === 0 && <p className="soft">{t("addFirst")}</p>}
      <ul>
        {kids.map((kid, i) => (
          <li key={i}>
            <NodeCard node={kid} path={`${inner}.of.${i}`} at={i} of={kids.length} />
          </li>
        ))}
      </ul>
      <footer>
        <Menu label={t("addCondition")} type="default" items={useOps().map((one) => ({ ...one, run: () => add(make(one.key)) }))} />
        <Button size="small" type="text" onClick={() => add({ op: mode === "and" ? "or" : "and", of: [make("did")] })}>
          {t("addGroup")}
        </Button>
      </footer>
    </section>
  )
}

/** Once the new card stands, its first field has the focus. */
function focusAt(path: string) {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-path="${path}"] .phrase :is(select,input),[data-path="${path}"] :is(select,input)`)?.focus()),
  )
}

function remove(onChange: Building["onChange"], path: string) {
  const group = path.replace(/\.of\.\d+$/, "")
  onChange(path, () => null)
  const footer = (at: string) => document.querySelector<HTMLElement>(`[data-path="${at}"] > footer button`)
  requestAnimationFrame(() => (footer(group) ?? footer(group.replace(/\.of$/, "")))?.focus())
}

type MovesProps = { path: string; at: number; of: number; onShift(path: string, by: -1 | 1): void; onRemove(): void }

function Moves({ path, at, of, onShift, onRemove }: MovesProps) {
  const { t } = useTranslation("audiences")
  const move = (by: -1 | 1) => {
    onShift(path, by)
    const next = path.replace(/\d+$/, String(at + by))
    const label = t(by < 0 ? "up" : "down")
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const buttons = [...document.querySelectorAll<HTMLButtonElement>(`[data-path="${next}"] > header .moves button`)]
      const same = buttons.find((one) => one.getAttribute("aria-label") === label && !one.disabled)
      ;(same ?? buttons.find((one) => !one.disabled))?.focus()
    }))
  }
  return (
    <span className="moves">
      <Button size="small" type="text" aria-label={t("up")} title={t("up")} disabled={at === 0} onClick={() => move(-1)}>
        {"\u2191"}
      </Button>
      <Button size="small" type="text" aria-label={t("down")} title={t("down")} disabled={at >= of - 1} onClick={() => move(1)}>
        {"\u2193"}
      </Button>
      <Button size="small" type="text" aria-label={t("remove")} title={t("remove")} onClick={onRemove}>
        {"\u00d7"}
      </Button>
    </span>
  )
}

function Count({ path }: { path: string }) {
  const { t } = useTranslation("audiences")
  const f = useFormats()
  const { counts, busy } = useBuilding()
  const count = counts?.[path]
  return (
    <span className={busy ? "percount num stale" : "percount num"} data-explain="audienceNode">
      {count === undefined ? "\u00a0" : t("per", { count, shown: f.whole(count) })}
    </span>
  )
}

/** What the server refused, at the very card it named. */
function Wrong() {
  const { t } = useTranslation("audiences")
  const { wrong } = useBuilding()
  return (
    <p className="wrong" role="alert">
      <strong>{t("wrongHere")}</strong> {wrong?.message}
    </p>
  )
}

type CardProps = Place & { title: ReactNode; items: MenuItem[]; children: ReactNode }

function Card({ path, at, of, title, items, children }: CardProps) {
  const { t } = useTranslation("audiences")
  const { onChange, onShift, wrong } = useBuilding()
  const here = wrong?.path === path
  return (
    <section className={here ? "ccard off" : "ccard"} data-path={path}>
      <header>
        {title}
        <span className="cardend">
          <Count path={path} />
          {!path.endsWith(".of") && <Moves path={path} at={at} of={of} onShift={onShift} onRemove={() => remove(onChange, path)} />}
          <Menu label={<span aria-hidden>{"\u22ef"}</span>} name={t("more")} items={items} />
        </span>
      </header>
      {children}
      {here && <Wrong />}
    </section>
  )
}

function NotCard({ node, path, ...place }: Place & { node: Node }) {
  const { t } = useTranslation("audiences")
  const { onChange } = useBuilding()
  const items: MenuItem[] = [{ key: "unnegate", label: t("unnegate"), run: () => onChange(path, (not) => childrenOf(not)[0] ?? null) }]
  return (
    <Card path={path} {...place} title={<strong className="nottitle">{t("not")}</strong>} items={items}>
      <NodeCard node={node} path={`${path}.of`} at={0} of={1} />
    </Card>
  )
}

function LeafCard({ node, path, ...place }: Place & { node: Leaf }) {
  const { t } = useTranslation("audiences")
  const { onChange, today } = useBuilding()
  const make = useBegin()
  const ops = useOps()
  const inNot = path.endsWith(".of")
  const kinds = ops.some((one) => one.key === node.op) ? ops : [{ key: node.op, label: t(`op.${node.op}`) }, ...ops]
  const items: MenuItem[] = [
    { key: "wrap", label: t("wrap"), run: () => onChange(path, (one) => ({ op: "or", of: [one] })) },
    ...(inNot ? [] : [{ key: "negate", label: t("negate"), run: () => onChange(path, (one) => ({ op: "not", of: one })) }]),
    ...(inNot ? [] : [{ key: "copy", label: t("copy"), run: () => onChange(path.replace(/\.of\.\d+$/, ""), (group) => copied(group, place.at)) }]),
  ]
  const title = (
    <select className="choice kindof" aria-label={t("kindOf")} value={node.op} onChange={(event) => onChange(path, () => make(event.target.value as Leaf["op"]))}>
      {kinds.map((one) => (
        <option key={one.key} value={one.key}>
          {one.label}
        </option>
      ))}
    </select>
  )
  return (
    <Card path={path} {...place} title={title} items={items}>
      <div className="phrase">
        <LeafFields node={node} today={today} onChange={(next) => onChange(path, () => next)} />
      </div>
    </Card>
  )
}

function copied(group: Node, at: number): Node {
  if (group.op !== "and" && group.op !== "or") return group
  const one = group.of[at]
  return one ? { ...group, of: [...group.of.slice(0, at + 1), structuredClone(one), ...group.of.slice(at + 1)] } : group
}
