import type { Role } from "../api.types"
import { i18n } from "./i18n"

/** What the server refused: its code for programs, its sentence (already in the reader's language) for people. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly kind: string,
    message: string,
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

type Query = Record<string, string | number | boolean | undefined | null>
type Options = { query?: Query; body?: unknown; form?: FormData; signal?: AbortSignal }

export function address(path: string, query: Query = {}): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") params.set(key, String(value))
  }
  const text = params.toString()
  return text ? `${path}?${text}` : path
}

async function refusal(response: Response): Promise<Refused> {
  type Body = { error?: { code: string; kind: string; message: string } }
  const body = (await response.json().catch(() => null)) as Body | null
  const said = body?.error
  return new Refused(
    response.status,
    said?.code ?? "unknown",
    said?.kind ?? "unknown",
    said?.message ?? `HTTP ${response.status}`,
  )
}

async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { "accept-language": i18n.language }
  if (method !== "GET") headers["x-csrf-token"] = csrf
  if (options.body !== undefined) headers["content-type"] = "application/json"
  const response = await fetch(address(path, options.query), {
    method,
    headers,
    body: options.form ?? (options.body === undefined ? undefined : JSON.stringify(options.body)),
    signal: options.signal,
    credentials: "same-origin",
  })
  if (!response.ok) throw await refusal(response)
  return (response.status === 204 ? undefined : await response.json()) as T
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => call<T>("GET", path, { query, signal }),
  post: <T>(path: string, body: unknown = {}) => call<T>("POST", path, { body }),
  patch: <T>(path: string, body: unknown) => call<T>("PATCH", path, { body }),
  remove: <T>(path: string) => call<T>("DELETE", path),
  upload: <T>(path: string, form: FormData) => call<T>("POST", path, { form }),
}
