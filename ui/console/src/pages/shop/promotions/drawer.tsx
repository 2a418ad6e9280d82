import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Drawer, Modal } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import { Bones } from "../../../parts/blank"
import { sentenceOf, Trouble } from "../../../parts/trouble"
import { asks, type Promotion } from "./asks"
import { Touches } from "./touches"
import { Budget, Standing } from "./used"
import { useBenefit, useBoth, useScope } from "./words"

type Props = { id: string; operator: boolean; approver: boolean; onClose(): void; onEdit(id: string): void }

/** One promotion: what it gives, within which limits, who wrote it, and what may be done with it. */
export function PromotionDrawer({ id, operator, approver, onClose, onEdit }: Props) {
  const { t } = useTranslation("pricing")
  const both = useBoth()
  const found = useQuery(asks.promotion(id))
  const one = found.data?.promotion
  return (
    <Drawer open={id !== ""} onClose={onClose} title={one ? both(one.draft.name) : t("col.name")} size="large" destroyOnHidden>
      {found.error && <Trouble error={found.error} onRetry={() => void found.refetch()} />}
      {!found.error && !one && <Bones rows={8} height={34} />}
      {one && (
        <div className="drawerbody">
          <Acts one={one} operator={operator} approver={approver} onEdit={onEdit} />
          <Budget of={one} />
          <Rules one={one} />
          <Touches draft={one.draft} />
          <Versions rows={found.data?.versions ?? []} />
        </div>
      )}
    </Drawer>
  )
}

const moves = { draft: ["live", "ended"], live: ["paused", "ended"], paused: ["live", "ended"], ended: [] } as const

function Acts({ one, operator, approver, onEdit }: Omit<Props, "id" | "onClose"> & { one: Promotion }) {
  const { t } = useTranslation("pricing")
  const { notification } = useNotices()
  const queries = useQueryClient()
  const move = useMutation({
    mutationFn: (state: "live" | "paused" | "ended") =>
      take(client.POST("/v1/trade/promotions/{promotion_id}/state", { params: { path: { promotion_id: one.id } }, body: { version: one.version, state } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["/v1/trade/promotions"] }),
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const both = useBoth()
  const say = useBenefit()
  const scope = useScope()
  const limited = useLimits(one)
  const may = (to: string) => (to === "live" ? approver : operator)
  const [sure, setSure] = useState<"live" | "ended" | null>(null)
  const go = (to: "live" | "paused" | "ended") => (to === "paused" ? move.mutate(to) : setSure(to))
  const edits = one.state !== "ended" && (approver || (operator && one.state === "draft"))
  return (
    <>
      <p className="row" style={{ flexWrap: "wrap" }}>
        <Standing of={one.state} />
        {edits && <Button onClick={() => onEdit(one.id)}>{t("edit")}</Button>}
        {moves[one.state].map((to) => (
          <Button key={to} type={to === "live" ? "primary" : "default"} danger={to === "ended"} disabled={!may(to)} loading={move.isPending && move.variables === to} onClick={() => go(to)}>
            {t(`move.${to}`)}
          </Button>
        ))}
      </p>
      {operator && !approver && one.state === "draft" && <p className="soft small">{t("approverStarts")}</p>}
      <Modal
        open={!!sure}
        title={sure ? t(`sure.${sure}`, { name: both(one.draft.name) }) : ""}
        okText={sure ? t(`move.${sure}`) : ""}
        okButtonProps={{ danger: sure === "ended", loading: move.isPending }}
        onOk={() => sure && move.mutate(sure, { onSettled: () => setSure(null) })}
        onCancel={() => setSure(null)}
        width={460}
      >
        {sure === "ended" ? (
          <p>{t("sure.endedMeans")}</p>
        ) : (
          <>
            <p>{[say(one.draft.benefit), scope(one.draft) || t("scope.all")].join(t("say.and"))}</p>
            <p className={limited ? "" : "bad"}>{limited ? t("sure.limited", { limits: limited }) : t("sure.unlimited")}</p>
          </>
        )}
      </Modal>
    </>
  )
}

/** The hard limits of a promotion in one sentence; empty without any. */
function useLimits({ draft: { limits } }: Promotion): string {
  const { t } = useTranslation("pricing")
  const f = useFormats()
  const said = [limits?.budget_minor != null && f.money(limits.budget_minor), limits?.uses != null && t("uses", { count: limits.uses }), limits?.member_uses != null && t("sure.member", { count: limits.member_uses })]
  return said.filter(Boolean).join(t("listed"))
}

function Rules({ one }: { one: Promotion }) {
  const { t } = useTranslation("pricing")
  const f = useFormats()
  const say = useBenefit()
  const scope = useScope()
  const { draft } = one
  const share = (bp = 0) => f.percent(bp / 10_000, bp % 100 ? 2 : 0)
  const bearers = (["platform", "seller", "creator"] as const)
    .map((who) => ({ who, bp: draft.bearers?.[`${who}_bp`] ?? 0 }))
    .filter(({ bp }) => bp > 0)
    .map(({ who, bp }) => `${t(`bearer.${who}`)} ${share(bp)}`)
  const cliff = draft.benefit.kind === "threshold" || (draft.benefit.kind === "free_delivery" && !!draft.benefit.at_minor)
  const rows = [
    [t("col.gives"), say(draft.benefit)],
    [t("form.scope"), scope(draft) || t("scope.all")],
    [t("form.trigger"), t(draft.code_shown ? "trigger.shown" : `trigger.${draft.trigger ?? "automatic"}`)],
    ...(draft.trigger === "coupon" ? [[t("coupons.title"), <Link key="coupons" to={`/shop/coupons?issue=${one.id}`}>{t("coupons.issue")}</Link>]] : []),
    [t("form.when"), `${draft.starts_at ? f.moment(draft.starts_at) : t("atOnce")} – ${draft.ends_at ? f.moment(draft.ends_at) : t("open")}`],
    [t("col.priority"), f.whole(draft.priority ?? 100)],
    [t("form.group"), draft.group || t("ungrouped")],
    [t("form.stacks"), t(draft.stacks === false ? "stacks.no" : "stacks.yes")],
    [t("form.floor"), t(`floor.${draft.floor ?? "cost"}`)],
    ...(cliff ? [[t("form.cliff"), t(draft.benefit.cliff === false ? "cliff.no" : "cliff.yes")]] : []),
    ...(draft.benefit.most_minor ? [[t("form.most"), f.money(draft.benefit.most_minor)]] : []),
    ...(draft.limits?.member_uses ? [[t("form.memberUses"), f.whole(draft.limits.member_uses)]] : []),
    [t("form.bearers"), bearers.join(t("listed"))],
  ]
  return (
    <dl className="facts wide">
      {rows.map(([name, value]) => (
        <div key={String(name)} className="contents">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Versions({ rows }: { rows: { version: number; state: Promotion["state"]; at: string; by: string }[] }) {
  const { t } = useTranslation("pricing")
  const f = useFormats()
  return (
    <>
      <h3>{t("versions")}</h3>
      <ul className="steps">
        {rows.map((one) => (
          <li key={one.version}>
            <span className="soft num">{f.moment(one.at)}</span>
            <span>{t("versionSaid", { version: one.version, state: t(`state.${one.state}`), who: one.by })}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
