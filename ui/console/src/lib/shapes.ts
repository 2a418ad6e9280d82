// The API's shapes under the names the screens use; all of them come from ui/openapi.json.
import type { components } from "../api.gen"

type Schemas = components["schemas"]

export type Interval = Schemas["IntervalRow"]
export type Role = Schemas["Role"]
export type Me = Schemas["Me"]
export type Operator = Schemas["Operator"]
export type OperatorSecret = Schemas["OperatorSecret"]
export type Token = Schemas["Token"]
export type TokenSecret = Schemas["TokenSecret"]
export type Team = Schemas["Team"]
export type AuditRow = Schemas["AuditRow"]
export type Shop = Schemas["ShopProfile"]
export type Assumption = Schemas["Assumption"]
export type Job = Schemas["Job"]
export type Import = Schemas["Import"]
export type Reject = Schemas["RejectedRow"]
export type Dataset = Schemas["Dataset"]
export type DataState = Schemas["Data"]
export type CustomerRow = Schemas["CustomerRow"]
export type Customer360 = Schemas["Customer360"]
export type Recommendations = Schemas["Recommendations"]
export type Recommendation = Schemas["RecommendationRow"]
export type CustomerDecision = Schemas["CustomerDecision"]
export type TimelineRow = Schemas["TimelineRow"]
export type Group = Schemas["TodayGroup"]
export type GroupDetail = Schemas["GroupDetailRow"]
export type DecisionRow = Schemas["DecisionItem"]
export type DecisionDetail = Schemas["DecisionDetailRow"]
export type Basis = DecisionRow["basis"]
export type Why = Schemas["WhyToday"]
export type Play = Schemas["PlayRuleRow"]
export type Change = Schemas["WeeklyChange"]
export type PlayScore = Schemas["PlayToday"]
export type ScorePoint = Schemas["PointToday"]
export type Scorecard = Schemas["ScorecardToday"]
export type Today = Schemas["Today"]
export type Step = Schemas["Check"]
export type DemandRow = Schemas["DemandRow"]
export type DemandDetail = Schemas["DemandDetail"]
export type Fan = Schemas["DemandFan"]
export type Capability = Schemas["StrategyCapability"]
export type StrategySection = Schemas["StrategySection"]
export type CapabilityStatus = Capability["status"]
export type ProductHit = Schemas["ProductHit"]
export type MeasuredFigure = Schemas["MeasuredFigure"]
export type Economics = Schemas["Economics"]
export type PaybackCurve = Schemas["PaybackCurve"]
export type RepurchaseMonth = Schemas["RepurchaseMonth"]
export type Lifecycle = Schemas["Lifecycle"]
export type LifecycleFlow = Schemas["LifecycleFlow"]
export type Personas = Schemas["Personas"]
export type PersonaRow = Schemas["PersonaRow"]
export type Standing = Schemas["CustomerLifecycle"]
export type Threshold = Schemas["ThresholdRow"]
export type WhatIf = Schemas["WhatIf"]
export type Planned = Schemas["WhatIfAnswer"]
export type PlannedLimit = Schemas["LimitAnswer"]
export type Health = Schemas["Health"]
export type ExportPreview = Schemas["ExportPreview"]
export type ExportFile = Schemas["ExportFile"]
export type ExportColumn = Schemas["ExportColumn"]
export type ExportChoice = Schemas["ExportChoice"]
export type ExportLook = Schemas["ExportLook"]
export type ExportOutcome = Schemas["ExportOutcome"]

/** A page of any keyset-paged list; some lists do not count themselves. */
export type Page<T> = { rows: T[]; total?: number; next: string | null }

export const stages = ["new", "growing", "settled", "at_risk", "dormant"] as const
export const tiers = ["high", "mid", "low"] as const
export const ways = ["message", "coupon", "call"] as const
export type Tier = (typeof tiers)[number]
export type Way = (typeof ways)[number]
export const thresholds = [
  "tier_high_share",
  "tier_mid_share",
  "new_purchases",
  "growing_evidence",
  "at_risk_lateness",
  "at_risk_alive",
  "dormant_lateness",
  "dormant_alive",
  "steadiness",
  "return_purchases",
] as const
export const changeParts = ["customers", "frequency", "basket", "price", "returns"] as const
