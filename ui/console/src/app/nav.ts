/** The console's sections, in the order of the operator's questions. */
export const sections = [
  { key: "today", to: "/today" },
  { key: "customers", to: "/customers" },
  { key: "shop", to: "/shop/orders" },
  { key: "content", to: "/content" },
  { key: "supply", to: "/supply" },
  { key: "service", to: "/service" },
  { key: "channels", to: "/channels" },
  { key: "sustainability", to: "/sustainability" },
  { key: "teams", to: "/teams" },
  { key: "data", to: "/data" },
] as const

/** Pages that stand under a section without an entry of their own in the top line. */
export const siblings = {
  today: [
    { key: "today", to: "/today" },
    { key: "decisions", to: "/decisions" },
    { key: "allocation", to: "/decisions/allocation" },
    { key: "strategy", to: "/strategy" },
  ],
  customers: [
    { key: "customers", to: "/customers" },
    { key: "audiences", to: "/customers/audiences" },
    { key: "personas", to: "/customers/personas" },
    { key: "lifecycle", to: "/customers/lifecycle" },
    { key: "economics", to: "/customers/economics" },
    { key: "members", to: "/customers/members" },
  ],
  shop: [
    { key: "orders", to: "/shop/orders" },
    { key: "products", to: "/shop/products" },
    { key: "prices", to: "/shop/prices" },
    { key: "promotions", to: "/shop/promotions" },
    { key: "coupons", to: "/shop/coupons" },
    { key: "payments", to: "/shop/payments" },
    { key: "setup", to: "/shop/setup" },
  ],
  supply: [
    { key: "supply", to: "/supply" },
    { key: "stock", to: "/supply/stock" },
  ],
  data: [
    { key: "data", to: "/data" },
    { key: "events", to: "/data/events" },
    { key: "privacy", to: "/data/privacy" },
    { key: "settings", to: "/settings" },
  ],
} as const

/** Sections that hold no screen yet, with the capabilities of the strategy that will stand there. */
export const unbuilt = {
  content: ["C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9", "C10"],
  service: ["A2", "U7", "O4"],
  channels: ["O1", "O2", "O3", "O5"],
  sustainability: ["E1", "E2", "E3", "E4", "E5", "E6"],
  teams: ["T1", "T2"],
} as const

export type Unbuilt = keyof typeof unbuilt
export type SectionKey = (typeof sections)[number]["key"]

const homes: Record<string, SectionKey> = { decisions: "today", strategy: "today", settings: "data" }

export function sectionOf(pathname: string): SectionKey | undefined {
  const first = pathname.split("/")[1] ?? ""
  return homes[first] ?? sections.find((section) => section.key === first)?.key
}
