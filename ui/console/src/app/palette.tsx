import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Modal } from "antd"
import { Command } from "cmdk"
import { useDeferredValue, useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { useNavigate } from "react-router"
import { atLeast, client, take } from "../lib/api"
import { loadWords, useFormats } from "../lib/i18n"
import { useShopNames, useTitles } from "../lib/names"
import { ask } from "../lib/queries"
import { useSettings } from "../lib/settings"
import { useJobs } from "./jobs"
import { sections } from "./nav"

const extra = [
  { key: "decisions", to: "/decisions" },
  { key: "allocation", to: "/decisions/allocation" },
  { key: "strategy", to: "/strategy" },
  { key: "settings", to: "/settings" },
] as const

/** Customers and products whose number or name holds the text; asked only from two letters on. */
function useHits(text: string) {
  const q = useDeferredValue(text.trim())
  const enabled = q.length >= 2
  const customers = useQuery({
    queryKey: ["palette", "customers", q],
    queryFn: ({ signal }) => take(client.GET("/v1/customers", { params: { query: { q, limit: 5 } }, signal })),
    enabled,
    placeholderData: keepPreviousData,
  })
  const products = useQuery({
    queryKey: ["palette", "products", q],
    queryFn: ({ signal }) => take(client.GET("/v1/products", { params: { query: { q, limit: 6 } }, signal })),
    enabled,
    placeholderData: keepPreviousData,
  })
  return { customers: enabled ? (customers.data?.rows ?? []) : [], products: enabled ? (products.data ?? []) : [] }
}

const most = 6

/** Groups of decisions that wait, by the words of their titles. */
function useGroupHits(text: string) {
  const { groupTitle } = useTitles()
  const q = useDeferredValue(text.trim().toLowerCase())
  const found = useQuery({
    queryKey: ["palette", "groups"],
    queryFn: ({ signal }) => take(client.GET("/v1/decisions/groups", { params: { query: { state: "proposed", limit: 200 } }, signal })),
  })
  if (!q) return []
  const named = (found.data?.rows ?? []).map((group) => ({ group, title: groupTitle(group) }))
  return named.filter((one) => one.title.toLowerCase().includes(q)).slice(0, most)
}

export default function Palette({ onClose }: { onClose(): void }) {
  const { t } = useTranslation(["palette", "common"])
  const go = useNavigate()
  const jobs = useJobs()
  const { lang, setLang, mode, setMode } = useSettings()
  const names = useShopNames()
  const shop = useQuery(ask.shop()).data
  const [text, setText] = useState("")
  const [ready, setReady] = useState(false)
  const hits = useHits(text)
  const groups = useGroupHits(text)
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const f = useFormats()
  useEffect(() => {
    void loadWords("palette").then(() => setReady(true))
  }, [])
  const run = (what: () => void) => () => {
    onClose()
    what()
  }
  const to = (path: string) => run(() => void go(path))
  const waiting = shop?.waiting_days ?? 0
  if (!ready) return null
  return (
    <Modal
      open
      onCancel={onClose}
      footer={null}
      closable={false}
      title={<span className="sr">{t("title")}</span>}
      className="palette"
      width={560}
      style={{ top: 96 }}
      transitionName=""
      maskTransitionName=""
    >
      <Command label={t("title")} loop>
        <Command.Input autoFocus placeholder={t("placeholder")} value={text} onValueChange={setText} />
        <Command.List label={t("title")}>
          <Command.Empty>{t("none")}</Command.Empty>
          <Command.Group heading={t("pages")}>
            {[...sections, ...extra].map((page) => (
              <Command.Item key={page.key} value={page.key} keywords={[t(`common:nav.${page.key}`)]} onSelect={to(page.to)}>
                {t(`common:nav.${page.key}`)}
              </Command.Item>
            ))}
          </Command.Group>
          <Command.Group heading={t("actions")}>
            {waiting > 0 && (
              <Command.Item value="replay" keywords={[t("replay")]} onSelect={run(() => jobs.replay(1))}>
                {t("replay")}
              </Command.Item>
            )}
            {waiting > 1 && (
              <Command.Item value="replay-week" keywords={[t("replayWeek")]} onSelect={run(() => jobs.replay(Math.min(7, waiting)))}>
                {t("replayWeek")}
              </Command.Item>
            )}
            {atLeast(me?.role, "operator") && (
              <Command.Item value="compute" keywords={[t("compute")]} onSelect={run(() => jobs.start(() => take(client.POST("/v1/cycle"))))}>
                {t("compute")}
              </Command.Item>
            )}
            <Command.Item value="import" keywords={[t("import")]} onSelect={to("/data/exports")}>
              {t("import")}
            </Command.Item>
            <Command.Item value="assumptions" keywords={[t("assumptions")]} onSelect={to("/settings?tab=assumptions")}>
              {t("assumptions")}
            </Command.Item>
            <Command.Item value="theme" keywords={[t("theme")]} onSelect={run(() => setMode(mode === "light" ? "dark" : "light"))}>
              {t("theme")}
            </Command.Item>
            <Command.Item value="language" keywords={[t("language")]} onSelect={run(() => setLang(lang === "zh" ? "en" : "zh"))}>
              {t("language")}
            </Command.Item>
          </Command.Group>
          {groups.length > 0 && (
            <Command.Group heading={t("groups")}>
              {groups.map(({ group, title }) => (
                <Command.Item key={group.id} value={`group ${group.id}`} keywords={[text, title]} onSelect={to(`/decisions/groups/${group.id}`)}>
                  <span>{title}</span>
                  <small className="num">{f.money(group.gain_minor.mid, { signed: true })}</small>
                </Command.Item>
              ))}
            </Command.Group>
          )}
          {hits.customers.length > 0 && (
            <Command.Group heading={t("customers")}>
              {hits.customers.map((row) => (
                <Command.Item
                  key={row.customer_id}
                  value={`customer ${row.customer_id}`}
                  keywords={[text]}
                  onSelect={to(`/customers/${encodeURIComponent(row.customer_id)}`)}
                >
                  <span className="num">{row.customer_id}</span>
                  <small>{t("orders", { count: row.orders })}</small>
                </Command.Item>
              ))}
            </Command.Group>
          )}
          {hits.products.length > 0 && (
            <Command.Group heading={t("products")}>
              {hits.products.map((row) => (
                <Command.Item
                  key={row.product_id}
                  value={`product ${row.product_id}`}
                  keywords={[text]}
                  onSelect={to(`/supply/${encodeURIComponent(row.product_id)}`)}
                >
                  <span>{row.title}</span>
                  <small>{names.text(row.category)}</small>
                </Command.Item>
              ))}
            </Command.Group>
          )}
        </Command.List>
      </Command>
    </Modal>
  )
}
