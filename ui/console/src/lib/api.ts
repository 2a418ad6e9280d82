import createClient, { type Middleware } from "openapi-fetch"
import type { components, paths } from "../api.gen"
import { fetchEarly } from "./early"
import { i18n } from "./i18n"
import type { Role } from "./shapes"

/** What the server refused: its code for programs, its sentence (already in the reader's language) for people. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly kind: string,
    message: string,
    readonly params: Record<string, unknown> = {},
  ) {
    super(message)
  }
}

let csrf = ""
export const setCsrf = (value: string) => {
  csrf = value
}

const ranks: Role[] = ["viewer", "operator", "approver", "admin"]
export const atLeast = (role: Role | undefined, needed: Role) => !!role && ranks.indexOf(role) >= ranks.indexOf(needed)

const door: Middleware = {
  onRequest({ request }) {
    request.headers.set("accept-language", i18n.language)
    if (request.method !== "GET") request.headers.set("x-csrf-token", csrf)
    return request
  },
  async onResponse({ response }) {
    if (response.ok) return undefined
    const body = (await response.json().catch(() => null)) as Partial<components["schemas"]["ErrorAnswer"]> | null
    const said = body?.error
    throw new Refused(
      response.status,
      said?.code ?? "unknown",
      said?.kind ?? "unknown",
      said?.message ?? `HTTP ${response.status}`,
      said?.params,
    )
  },
}

export const client = createClient<paths>({ baseUrl: "/", credentials: "same-origin", fetch: fetchEarly })
client.use(door)

/** The body of a call that succeeded; one that did not has thrown already. */
export async function take<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T
}

export type Query = Record<string, string | number | boolean | undefined | null>

/** An address with its query, without the parameters that are not set. */
export function address(path: string, query: Query = {}): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") params.set(key, String(value))
  }
  const text = params.toString()
  return text ? `${path}?${text}` : path
}
