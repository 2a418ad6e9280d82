// Shapes of the JSON under /v1, by hand until ui/openapi.json is exported.
export type Interval = { low: number; mid: number; high: number }
export type Role = "viewer" | "operator" | "approver" | "admin"
export type Me = { name: string; role: Role; teams: string[]; csrf: string }
export type Operator = { name: string; role: Role; teams: string[]; disabled: boolean; created_at: string; last_seen_at: string | null }
export type Token = { id: string; operator: string; name: string; role: Role; created_at: string; last_used_at: string | null; expires_at: string }
export type Team = { key: string; name_zh: string; name_en: string }
export type AuditRow = { id: string; at: string; actor: string; action: string; target: string; detail: Record<string, unknown> }
export type Assumption = {
  key: string
  value: number
  unit: string
  low: number
  high: number
  default: number
  about_zh: string
  about_en: string
  updated_at: string | null
  updated_by: string | null
}
export type Provenance = {
  title: string
  country: string
  year: string
  licence: string
  origin_note_zh: string
  origin_note_en: string
  source_url: string
}
export type Shop = {
  name: string
  timezone: string
  currency: string
  today: string | null
  as_of: string | null
  simulated: boolean
  provenance: Provenance | null
  assumptions: Assumption[]
  waiting_days: number
}
export type JobState = "waiting" | "running" | "succeeded" | "failed" | "cancelled"
export type Job = {
  id: number
  kind: string
  state: JobState
  percent: number
  step: string
  log: string[]
  error: string | null
  started_at: string | null
  finished_at: string | null
}
export type ImportFile = { rows: number; accepted: number; rejected: number; unchanged: number }
export type Import = {
  id: string
  source: string
  state: string
  started_at: string
  finished_at: string | null
  timezone: string
  currency: string
  files: Record<string, ImportFile>
  share_identified: number | null
  error: string | null
}
export type Reject = { file: string; row: number; column: string | null; value: string | null; reason: string }
export type Dataset = {
  name: string
  rows: number
  files: number
  bytes: number
  first_on: string | null
  last_on: string | null
  updated_at: string | null
  source: string | null
}
export type Totals = {
  orders: number
  lines: number
  customers: number
  products: number
  placed_minor: number
  paid_minor: number
  net_minor: number
  share_identified: number | null
}
export type DataState = { datasets: Dataset[]; totals: Totals }
export type CustomerRow = {
  customer_id: string
  orders: number
  spend_minor: number
  value_minor: Interval | null
  p_alive: number | null
  last_on: string
  first_on: string
  rhythm_days: number | null
  months: number[]
}
export type Why = { code: string; params: Record<string, unknown> }
export type NextPurchase = {
  product_id: string
  title: string
  category: string | null
  probability: number
  due_on: string | null
  last_on: string | null
  rhythm_days: number | null
  orders: number
  why: Why
}
export type Department = { name: string; share: number; spend_minor: number }
export type Customer360 = {
  row: CustomerRow
  expected_orders: Interval | null
  horizon_days: number
  attributes: Record<string, unknown>
  departments: Department[]
  hours: number[]
  weekdays: number[]
  next_purchases: NextPurchase[]
  decisions: DecisionRow[]
  method: string
  as_of: string
}
export type BasketItem = { product_id: string; title: string; quantity: number; total_minor: number }
export type TimelineRow = {
  at: string
  local_at: string
  kind: "order" | "touch" | "redemption"
  order_id?: string | null
  lines?: number | null
  total_minor?: number | null
  store_id?: string | null
  title?: string | null
  items?: BasketItem[] | null
}
export type Basis = "measured" | "policy" | "assumed"
export type Group = {
  id: string
  play: string
  group_key: string
  title_params: Record<string, unknown>
  team: string
  proposed_on: string
  window_start: string
  window_end: string
  count: number
  state_counts: Record<string, number>
  gain_minor: Interval
  basis: Basis
  cost_minor: number
  forecast: Interval
  forecast_unit: string
  reason: Why
  spark: number[]
  state: string
  version_sum: number
}
export type ChangePart = { key: string; change_minor: number }
export type Change = { week_start: string; revenue_minor: number; previous_minor: number; parts: ChangePart[] }
export type PlayScore = {
  play: string
  kind: string
  n: number
  days: number
  expected: Interval
  observed: number
  unit: string
  coverage: number | null
  coverage_se: number | null
  in_calibration: boolean
}
export type ScorePoint = { play: string; day: string; group_key: string; expected: Interval; observed: number; n: number; unit: string }
export type Scorecard = { plays: PlayScore[]; points: ScorePoint[]; since: string | null; until: string | null }
export type Today = {
  as_of: string | null
  today: string | null
  groups: Group[]
  waiting: { groups: number; decisions: number }
  expected: { policy: Interval; assumed: Interval; measured: Interval }
  cost_minor: number
  scorecard: Scorecard
  change: Change | null
  checklist: { key: string; done: boolean }[]
}
export type Settlement = { kind: string; settled_on: string; forecast_observed: number | null; gain_observed_minor: number | null; inside: boolean | null }
export type DecisionRow = {
  id: string
  group_id: string
  group_key: string
  proposed_on: string
  play: string
  subject_kind: string
  subject: string
  title: string
  subject_params: Record<string, unknown>
  state: string
  version: number
  action: Record<string, unknown>
  default_action: Record<string, unknown>
  gain_minor: Interval | null
  basis: Basis
  cost_minor: number | null
  forecast: Interval
  forecast_unit: string
  window_start: string
  window_end: string
  team: string
  settlement: Settlement | null
}
export type Transition = { at: string; actor: string; from: string; to: string; why: string | null; diff: Record<string, unknown> | null }
export type DecisionDetail = DecisionRow & {
  evidence: Record<string, unknown>
  assumptions: Record<string, unknown>
  method: string
  transitions: Transition[]
  settlements: Settlement[]
}
export type Play = {
  play: string
  team: string
  budget_minor: number | null
  approve_limit_minor: number | null
  approve_role: Role
  enabled: boolean
  basis: Basis
  default_action: string
}
export type GroupDetail = Group & {
  assumptions: Record<string, unknown>
  evidence: Record<string, unknown>
  rules: Record<string, unknown>
}
export type DemandRow = {
  product_id: string
  title: string
  department: string | null
  category: string | null
  last_week: number
  mean: number
  p10: number
  p50: number
  p90: number
  spark: number[]
  decision: { id: string; units: number; state: string } | null
}
export type Fan = { week_start: string; p05: number; p10: number; p25: number; p50: number; p75: number; p90: number; p95: number }
export type DemandDetail = {
  row: DemandRow
  weeks: { week_start: string; units: number }[]
  fan: Fan[]
  past_fans?: Fan[]
  stores: { store_id: string; p10: number; p50: number; p90: number; last_week: number }[]
  decision: DecisionRow | null
  policy: { critical_ratio: number; margin_rate: number; scrap_rate: number; price_minor: number | null } | null
  method: string
  as_of: string
}
export type ProductHit = { product_id: string; title: string; category: string | null }
export type CapabilityStatus = "working" | "partly" | "not_built"
export type Measured = { key: "identified" | "repurchase" | "basket" | "coverage"; value: number; unit: "share" | "minor"; n: number }
export type Capability = {
  id: string
  title_zh: string
  title_en: string
  what_zh: string
  what_en: string
  status: CapabilityStatus
  now_zh: string | null
  now_en: string | null
  screen: string | null
  reported_zh: string | null
  reported_en: string | null
  measured: Measured | null
}
export type StrategySection = { id: string; title_zh: string; title_en: string; capabilities: Capability[] }
export type Strategy = { as_of: string | null; sections: StrategySection[] }
export type Page<T> = { rows: T[]; total?: number; next: string | null }
