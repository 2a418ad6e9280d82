import type { components } from "../../../api.gen"

export type Category = components["schemas"]["CatalogueCategory"]

/** What stands directly below a category (null: departments), in its order. */
export const children = (every: Category[], parent: string | null) =>
  every.filter((one) => (one.parent_id ?? null) === parent).sort((a, b) => (a.position ?? 0) - (b.position ?? 0) || a.category_id.localeCompare(b.category_id))

/** Every category after its parent, and how deep it stands. */
export function tree(every: Category[], parent: string | null = null, depth = 0): (Category & { depth: number })[] {
  return children(every, parent).flatMap((one) => [{ ...one, depth }, ...tree(every, one.category_id, depth + 1)])
}

/** A category and all that stands below it: where it cannot be moved. */
export const below = (every: Category[], id: string) => new Set([id, ...tree(every, id).map((one) => one.category_id)])
