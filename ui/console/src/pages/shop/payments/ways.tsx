import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Input, InputNumber, Select, Switch } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useNotices } from "../../../lib/notices"
import { Bones } from "../../../parts/blank"
import { sentenceOf, Trouble } from "../../../parts/trouble"
import { asks, renew, type Faults, type Overview, type Way } from "./asks"
import { useNames } from "./words"

/** Settings in the order in which a merchant finds them, by way to pay. */
const fields = {
  wechat_v3: ["appid", "mchid", "serial_no", "private_key_file", "apiv3_key_file", "platform_serial", "platform_key_file", "notify_url", "h5"],
  alipay: ["app_id", "private_key_file", "alipay_key_file", "notify_url", "page"],
  sandbox: ["page_url"],
} as const

/** Settings that are chosen; the first of a list is what holds when nothing is. */
const choices = {
  page: [["auto", "page.auto"], ["page", "page.page"], ["wap", "page.wap"]],
  h5: [["off", "h5.off"], ["on", "h5.on"]],
} as const

/** Ways to pay, set up by an admin; and the sandbox, which can be let misbehave. */
export function WaysTab({ overview, admin, may }: { overview: Overview | undefined; admin: boolean; may: boolean }) {
  const { t } = useTranslation("payments")
  const ways = useQuery({ ...asks.ways(), enabled: admin })
  if (ways.error) return <Trouble error={ways.error} onRetry={() => void ways.refetch()} />
  return (
    <div className="stack">
      {!admin && <p className="soft">{t("ways.admin")}</p>}
      {admin && !ways.data && <Bones rows={6} />}
      {ways.data?.rows.map((way) => (way.provider === "sandbox" ? null : <WayCard key={way.provider + String(way.updated_at)} way={way} />))}
      {overview?.ways.some((way) => way.provider === "sandbox" && way.ready) && <SandboxCard may={may} />}
    </div>
  )
}

function WayCard({ way }: { way: Way }) {
  const { t } = useTranslation("payments")
  const { message, notification } = useNotices()
  const names = useNames()
  const queries = useQueryClient()
  const [settings, setSettings] = useState(way.settings)
  const [enabled, setEnabled] = useState(way.enabled)
  const keep = useMutation({
    mutationFn: () => take(client.PUT("/v1/trade/payments/ways/{provider}", { params: { path: { provider: way.provider } }, body: { enabled, settings } })),
    onSuccess: () => {
      void message.success(t("ways.kept"))
      void renew(queries)
    },
    onError: (problem) => void notification.error({ title: sentenceOf(problem), duration: 10 }),
  })
  const changed = enabled !== way.enabled || JSON.stringify(settings) !== JSON.stringify(way.settings)
  return (
    <section className="sheet pad way">
      <div className="row wayhead">
        <h2>{names.provider(way.provider)}</h2>
        <label className="row">
          <Switch checked={enabled} onChange={setEnabled} aria-label={`${names.provider(way.provider)}: ${t("ways.on")}`} />
          <span>{t(enabled ? "ways.on" : "ways.off")}</span>
        </label>
      </div>
      <div className="wayfields">
        {fields[way.provider].map((name) => (
          <label key={name}>
            <span>{t(`field.${name}`)}</span>
            {name === "page" || name === "h5" ? (
              <Select value={settings[name] ?? choices[name][0][0]} onChange={(chosen: string) => setSettings((old) => ({ ...old, [name]: chosen }))} options={choices[name].map(([value, label]) => ({ value, label: t(label) }))} />
            ) : (
              <Input value={settings[name] ?? ""} maxLength={500} autoComplete="off" onChange={(event) => setSettings((old) => ({ ...old, [name]: event.target.value }))} placeholder={name.endsWith("_file") ? t("ways.file") : undefined} />
            )}
          </label>
        ))}
      </div>
      <p className="soft small">{t("ways.secret")}</p>
      <Button type="primary" disabled={!changed} loading={keep.isPending} onClick={() => keep.mutate()}>
        {t("ways.keep")}
      </Button>
    </section>
  )
}

const switches = ["reorder", "lose", "forge", "wrong_amount", "refuse_refunds", "away"] as const
const numbers = { delay_s: [0, 86_400], copies: [1, 10], refund_delay_s: [0, 86_400] } as const

function SandboxCard({ may }: { may: boolean }) {
  const { t } = useTranslation("payments")
  const faults = useQuery(asks.faults())
  return (
    <section className="sheet pad way">
      <h2>{t("sandbox.title")}</h2>
      <p className="soft">{t("sandbox.means")}</p>
      {faults.error ? <Trouble error={faults.error} onRetry={() => void faults.refetch()} /> : faults.data ? <FaultForm now={faults.data} may={may} /> : <Bones rows={4} />}
    </section>
  )
}

function FaultForm({ now, may }: { now: Faults; may: boolean }) {
  const { t } = useTranslation("payments")
  const { notification } = useNotices()
  const queries = useQueryClient()
  const change = useMutation({
    mutationFn: (patch: Partial<Faults>) => take(client.PUT("/v1/trade/payments/sandbox/faults", { body: { ...now, ...patch } })),
    onSuccess: (made) => queries.setQueryData(asks.faults().queryKey, made),
    onError: (problem) => void notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  return (
    <div className="faults">
      {switches.map((name) => (
        <label key={name} className="fault">
          <Switch size="small" checked={!!now[name]} disabled={!may || change.isPending} onChange={(on) => change.mutate({ [name]: on })} aria-label={t(`fault.${name}`)} />
          <span>{t(`fault.${name}`)}</span>
        </label>
      ))}
      {(Object.keys(numbers) as (keyof typeof numbers)[]).map((name) => (
        <label key={name} className="fault">
          <InputNumber size="small" value={now[name]} min={numbers[name][0]} max={numbers[name][1]} disabled={!may} changeOnBlur onChange={(value) => value !== null && value !== now[name] && change.mutate({ [name]: value })} aria-label={t(`fault.${name}`)} />
          <span>{t(`fault.${name}`)}</span>
        </label>
      ))}
    </div>
  )
}
