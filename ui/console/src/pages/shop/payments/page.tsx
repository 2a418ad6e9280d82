import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { atLeast } from "../../../lib/api"
import { ask } from "../../../lib/queries"
import { oneOf, useUrl } from "../../../lib/url"
import { Trouble } from "../../../parts/trouble"
import "../../../styles/payments.css"
import { AccountsTab } from "./accounts"
import { asks, type Overview } from "./asks"
import { LedgerTab } from "./ledger"
import { MatchingTab } from "./matching"
import { IntentsTab, NoticesTab, ReceivedTab, RefundsTab } from "./moved"
import { Sum } from "./sum"
import { WaysTab } from "./ways"
import { useMoney, useNames } from "./words"

const tabs = ["ledger", "accounts", "received", "refunds", "intents", "notices", "matching", "ways"] as const

/** Where the money stands, what came in and went back, what providers said, and whether it all agrees. */
export default function PaymentsPage() {
  const { t } = useTranslation("payments")
  const [url, setUrl] = useUrl({ tab: "ledger", show: "", account: "", order: "" })
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const overview = useQuery(asks.overview())
  const tab = oneOf(url.tab, tabs) ?? "ledger"
  const may = atLeast(me?.role, "operator")
  const show = (value: string) => setUrl({ show: value })
  const bodies = {
    ledger: <LedgerTab account={url.account} order={url.order} onFind={setUrl} />,
    accounts: <AccountsTab rows={overview.data?.accounts} onOpen={(account) => setUrl({ tab: "ledger", account })} />,
    received: <ReceivedTab show={url.show} onShow={show} may={atLeast(me?.role, "approver")} />,
    refunds: <RefundsTab show={url.show} onShow={show} may={may} />,
    intents: <IntentsTab show={url.show} onShow={show} order={url.order} may={may} onOrder={(order) => setUrl({ order })} />,
    notices: <NoticesTab show={url.show} onShow={show} />,
    matching: <MatchingTab may={may} sandbox={overview.data?.sandbox} open={url.show} onOpen={show} onGo={(to, patch) => setUrl({ tab: to, show: "", order: "", ...patch })} />,
    ways: <WaysTab overview={overview.data} admin={atLeast(me?.role, "admin")} may={may} />,
  }
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{t("title")}</h1>
          <p className="lead">{t("lead")}</p>
        </div>
      </div>
      {overview.data?.sandbox && (
        <p className="sandboxnote" role="note">
          <b>{t("sandbox.mark")}</b> {t("sandbox.note")}
        </p>
      )}
      {overview.error ? <Trouble error={overview.error} onRetry={() => void overview.refetch()} /> : <Sums of={overview.data} />}
      {overview.data && <Needs of={overview.data} onGo={(to, value) => setUrl({ tab: to, show: value })} />}
      <nav className="tabs" aria-label={t("title")}>
        {tabs.map((key) => (
          <Link key={key} to={`?tab=${key}`} aria-current={key === tab ? "page" : undefined}>
            {t(`tab.${key}`)}
          </Link>
        ))}
      </nav>
      {bodies[tab]}
    </div>
  )
}

const first = ["orders", "refunds_due", "suspense", "fees"]

/** What is held and what is owed; what we owe is shown as people say it, without a minus. */
function Sums({ of }: { of: Overview | undefined }) {
  const { t } = useTranslation("payments")
  const names = useNames()
  if (!of) return <section className="sheet pad totals" aria-hidden />
  const held = of.accounts.filter((one) => one.account.startsWith("provider:"))
  const owed = first.flatMap((account) => of.accounts.filter((one) => one.account === account))
  if (!of.accounts.length) return null
  return (
    <section className="sheet pad totals">
      <dl className="sums">
        {[...held, ...owed].map((one) => (
          <div key={one.account + one.currency}>
            <dt>{one.account.startsWith("provider:") ? t("heldBy", { provider: names.account(one.account) }) : names.account(one.account)}</dt>
            <dd className="big num">
              <Sum minor={one.kind === "liability" ? -one.amount_minor : one.amount_minor} currency={one.currency} provider={one.account.replace(/^provider:/, "")} />
            </dd>
          </div>
        ))}
      </dl>
      <Balance accounts={of.accounts} />
    </section>
  )
}

function Balance({ accounts }: { accounts: Overview["accounts"] }) {
  const { t } = useTranslation("payments")
  const money = useMoney()
  const currencies = [...new Set(accounts.map((one) => one.currency))]
  const off = currencies.map((currency) => [currency, accounts.reduce((sum, one) => sum + (one.currency === currency ? one.amount_minor : 0), 0)] as const).filter(([, sum]) => sum !== 0)
  if (!off.length) return <p className="soft small">{t("balances")}</p>
  return (
    <p className="bad" role="alert">
      {off.map(([currency, sum]) => t("off", { amount: money(sum, currency) })).join(" ")}
    </p>
  )
}

/** What waits for a person, each a way to where it can be done. */
function Needs({ of, onGo }: { of: Overview; onGo(tab: string, show: string): void }) {
  const { t } = useTranslation("payments")
  const forged = of.notices.forged ?? 0
  const found = [
    of.parked > 0 && { key: "parked", to: "received", show: "parked", words: t("need.parked", { count: of.parked }) },
    of.refunds_failed > 0 && { key: "failed", to: "refunds", show: "failed", words: t("need.failed", { count: of.refunds_failed }) },
    forged > 0 && { key: "forged", to: "notices", show: "forged", words: t("need.forged", { count: forged }) },
  ].filter((one) => !!one)
  if (!found.length) return null
  return (
    <ul className="needs">
      {found.map((one) => (
        <li key={one.key}>
          <button type="button" onClick={() => onGo(one.to, one.show)}>
            {one.words}
          </button>
        </li>
      ))}
    </ul>
  )
}
