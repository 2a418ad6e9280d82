import { useQuery } from "@tanstack/react-query"
import { Button, Switch, Tabs } from "antd"
import { useTranslation } from "react-i18next"
import { atLeast } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { oneOf, useUrl } from "../../../lib/url"
import { Trouble } from "../../../parts/trouble"
import { Spark } from "../../../parts/viz"
import "../../../styles/events.css"
import { asks, type Edge } from "./asks"
import { KeysTab } from "./keys"
import { Newest } from "./newest"
import { RefusedTab } from "./refused"
import { HowToSend } from "./send"
import { SetUp } from "./setup"

const tabs = ["events", "refused", "keys", "send"] as const
const slow = 30

/** The event edge at work: what arrives, what is refused and why, who may send. */
export default function EventsPage() {
  const { t } = useTranslation("events")
  const [url, setUrl] = useUrl({ tab: "events", live: "on" })
  const shop = useQuery(ask.shop())
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const live = url.live === "on"
  const edge = useQuery(asks.edge(live))
  const tab = oneOf(url.tab, tabs) ?? "events"
  const may = atLeast(me?.role, "operator")
  const bodies = {
    events: <Newest edge={edge.data} live={live} may={may} onKeys={() => setUrl({ tab: "keys" })} />,
    refused: <RefusedTab rows={edge.data?.refused} />,
    keys: <KeysTab may={may} />,
    send: <HowToSend />,
  }
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{t("title")}</h1>
          <p className="lead">{t("lead")}</p>
        </div>
        <label className="row livetoggle">
          <Switch checked={live} onChange={(on) => setUrl({ live: on ? "on" : "off" }, true)} aria-label={t("live")} />
          <span>{live ? t("live") : t("paused")}</span>
        </label>
      </div>
      {shop.data && !shop.data.timezone && <SetUp may={atLeast(me?.role, "admin")} />}
      {edge.error ? <Trouble error={edge.error} onRetry={() => void edge.refetch()} /> : <Sums edge={edge.data} />}
      <Tabs
        activeKey={tab}
        aria-label={t("tab.label")}
        onChange={(key) => setUrl({ tab: key })}
        items={tabs.map((key) => ({ key, label: t(`tab.${key}`), children: key === tab ? bodies[key] : null }))}
      />
      {tab === "send" && may && (
        <div className="row after">
          <Button onClick={() => setUrl({ tab: "keys" })}>{t("makeKey")}</Button>
        </div>
      )}
    </div>
  )
}

function Sums({ edge }: { edge: Edge | undefined }) {
  const { t } = useTranslation("events")
  const f = useFormats()
  if (!edge) return <section className="sheet pad totals" aria-hidden />
  const hour = edge.minutes.reduce((sum, minute) => sum + minute.events, 0)
  const seconds = (value: number) => t("seconds", { value: f.decimal(value) })
  return (
    <section className="sheet pad totals">
      <dl className="sums">
        <div>
          <dt>{t("sum.hour")}</dt>
          <dd className="big num edgerate">
            {f.compact(hour)}
            <span role="img" aria-label={t("minutes")}>
              <Spark bars width={180} height={28} values={edge.minutes.map((minute) => minute.events)} />
            </span>
          </dd>
        </div>
        <Sum name={t("sum.waiting")} value={f.compact(edge.waiting_events)} />
        <Sum name={t("sum.lag")} value={edge.lag_s === null ? t("quiet") : seconds(edge.lag_s)} small={edge.lag_s === null} />
        <Sum name={t("sum.repeated")} value={f.compact(edge.repeated)} />
        <Sum name={t("sum.refused")} value={f.whole(edge.refused.length)} />
      </dl>
      {edge.oldest_waits_s !== null && edge.oldest_waits_s > slow && (
        <p className="bad" role="alert">
          {t("behind", { seconds: f.whole(edge.oldest_waits_s) })}
        </p>
      )}
    </section>
  )
}

function Sum({ name, value, small = false }: { name: string; value: string; small?: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={small ? "soft" : "big num"}>{value}</dd>
    </div>
  )
}
