import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query"
import type { components } from "../../../api.gen"
import { client, take } from "../../../lib/api"
import type { FileOf } from "../../../lib/queries"
import type { Definition, Node } from "./language"

type Schemas = components["schemas"]
export type Row = Schemas["AudienceRow"]
export type Version = Schemas["AudienceVersion"]
export type Member = Schemas["AudienceMember"]
export type Change = Schemas["AudienceChange"]
export type DayCount = Schemas["AudienceDay"]
export type Preview = Schemas["AudiencePreview"]
export type EvidenceLeaf = Schemas["AudienceEvidenceLeaf"]
export type EvidenceRow = Schemas["AudienceEvidenceRow"]
export type Named = Schemas["AudienceNamed"]
export type Template = Schemas["AudienceTemplate"]

/** A definition as the server keeps it, which has checked it. */
export const definitionOf = (row: { definition: Record<string, unknown> }): Definition => ({ version: 1, where: row.definition["where"] as Node })

const body = (definition: Definition) => ({ definition: definition as unknown as Record<string, unknown> })
const minute = 60_000

/** What moves with every count of an audience is asked anew once it was counted anew. */
type Counted = Pick<Row, "id" | "evaluated_at" | "state">

/** What the audience screens ask. */
export const asks = {
  list: () => queryOptions({ queryKey: ["/v1/audiences"], queryFn: ({ signal }) => take(client.GET("/v1/audiences", { signal })) }),
  one: (id: string) =>
    queryOptions({ queryKey: ["/v1/audiences", id], queryFn: ({ signal }) => take(client.GET("/v1/audiences/{id}", { params: { path: { id } }, signal })) }),
  versions: (id: string) =>
    queryOptions({ queryKey: ["/v1/audiences", id, "versions"], queryFn: ({ signal }) => take(client.GET("/v1/audiences/{id}/versions", { params: { path: { id } }, signal })) }),
  history: ({ id, ...row }: Counted) =>
    queryOptions({
      queryKey: ["/v1/audiences", id, "history", row.evaluated_at],
      queryFn: ({ signal }) => take(client.GET("/v1/audiences/{id}/history", { params: { path: { id } }, signal })),
      placeholderData: keepPreviousData,
      staleTime: 5 * minute,
    }),
  members: ({ id, ...row }: Counted) =>
    infiniteQueryOptions({
      queryKey: ["/v1/audiences", id, "members", row.evaluated_at, row.state],
      placeholderData: keepPreviousData,
      queryFn: ({ pageParam, signal }) => take(client.GET("/v1/audiences/{id}/members", { params: { path: { id }, query: { cursor: pageParam } }, signal })),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next,
    }),
  changes: ({ id, ...row }: Counted) =>
    infiniteQueryOptions({
      queryKey: ["/v1/audiences", id, "changes", row.evaluated_at, row.state],
      placeholderData: keepPreviousData,
      queryFn: ({ pageParam, signal }) => take(client.GET("/v1/audiences/{id}/changes", { params: { path: { id }, query: { cursor: pageParam } }, signal })),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next,
    }),
  evidence: (id: string, person: string) =>
    queryOptions({
      queryKey: ["/v1/audiences", id, "evidence", person],
      queryFn: ({ signal }) => take(client.GET("/v1/audiences/{id}/evidence", { params: { path: { id }, query: { person } }, signal })),
    }),
  /** Why a definition that nobody saved holds for somebody. */
  explained: (definition: Definition, person: string) =>
    queryOptions({
      queryKey: ["/v1/audiences/evidence", definition, person],
      queryFn: ({ signal }) => take(client.POST("/v1/audiences/evidence", { body: body(definition), params: { query: { person } }, signal })),
    }),
  /** The old answer stays in sight while the next one comes. */
  preview: (definition: Definition) =>
    queryOptions({
      queryKey: ["/v1/audiences/preview", definition],
      queryFn: ({ signal }) => take(client.POST("/v1/audiences/preview", { body: body(definition), signal })),
      placeholderData: keepPreviousData,
      staleTime: minute,
      retry: false,
    }),
  vocabulary: () => queryOptions({ queryKey: ["/v1/audiences/vocabulary"], queryFn: ({ signal }) => take(client.GET("/v1/audiences/vocabulary", { signal })), staleTime: 5 * minute }),
  templates: () => queryOptions({ queryKey: ["/v1/audiences/templates"], queryFn: ({ signal }) => take(client.GET("/v1/audiences/templates", { signal })), staleTime: 5 * minute }),
}

type Written = { name: string; note: string; definition: Definition }

/** What the audience screens write. */
export const writes = {
  create: (draft: Written) => take(client.POST("/v1/audiences", { body: { name: draft.name, note: draft.note, ...body(draft.definition) } })),
  edit: (id: string, version: number, draft: Written) =>
    take(client.PUT("/v1/audiences/{id}", { params: { path: { id } }, body: { version, name: draft.name, note: draft.note, ...body(draft.definition) } })),
  archive: (id: string) => take(client.DELETE("/v1/audiences/{id}", { params: { path: { id } } })),
  restore: (id: string) => take(client.POST("/v1/audiences/{id}/restore", { params: { path: { id } } })),
}

/** Every member as a file. */
export const membersFile =
  (id: string): FileOf =>
  (format) =>
    take(client.GET("/v1/files/audiences/{id}", { params: { path: { id }, query: { format } }, parseAs: "blob" }))
