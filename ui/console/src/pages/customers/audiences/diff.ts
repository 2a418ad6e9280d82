import { useTranslation } from "react-i18next"
import type { Draft } from "./draft"
import { noneOf } from "./group"
import type { Node } from "./language"
import { productsIn, useSay } from "./say"

type Mode = "and" | "or" | "none"

/** How a definition's first conditions count together, and which they are. */
function top(node: Node): { mode: Mode; of: Node[] } {
  const none = noneOf(node)
  if (none) return { mode: "none", of: none.of }
  return node.op === "and" || node.op === "or" ? { mode: node.op, of: node.of } : { mode: "and", of: [node] }
}

/** Those of one side that the other does not have, counting repeats. */
function without(one: Node[], other: Node[]): Node[] {
  const left = other.map((node) => JSON.stringify(node))
  return one.filter((node) => {
    const at = left.indexOf(JSON.stringify(node))
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

/** What changed between two drafts, in sentences. */
export function useChanges(before: Draft, after: Draft): string[] {
  const { t } = useTranslation("audiences")
  const { say } = useSay(productsIn(before.definition, after.definition))
  const was = top(before.definition.where)
  const now = top(after.definition.where)
  const gone = without(was.of, now.of)
  const fresh = without(now.of, was.of)
  const changed: string[] = []
  for (const old of [...gone]) {
    const next = fresh.find((one) => one.op === old.op)
    if (!next) continue
    changed.push(t("diff.changed", { before: say(old), after: say(next) }))
    gone.splice(gone.indexOf(old), 1)
    fresh.splice(fresh.indexOf(next), 1)
  }
  return [
    ...(before.name !== after.name && before.name ? [t("diff.name", { before: before.name, after: after.name })] : []),
    ...(before.note !== after.note ? [after.note ? t("diff.note", { after: after.note }) : t("diff.noteGone")] : []),
    ...(was.mode !== now.mode && was.of.length ? [t("diff.mode", { before: t(`mode.${was.mode}`), after: t(`mode.${now.mode}`) })] : []),
    ...changed,
    ...gone.map((node) => t("diff.removed", { says: say(node) })),
    ...fresh.map((node) => t("diff.added", { says: say(node) })),
  ]
}
