import { useQuery } from "@tanstack/react-query"
import { Select } from "antd"
import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import type { Economics, PaybackCurve } from "../../../lib/shapes"
import { Bones } from "../../../parts/blank"
import { Term } from "../../../parts/explain"
import { Table, type Column } from "../../../parts/table"
import { Trouble } from "../../../parts/trouble"
import { Late } from "./late"
import { useChannelName } from "./words"

const loadChart = () => import("../../../charts/payback")
type Props = { data: Economics; channel: string; onChannel(channel: string): void }

/** When a customer has paid back what they cost: as far as was observed, and no further. */
export function PaybackCard({ data, channel, onChannel }: Props) {
  const { t } = useTranslation(["economics", "common"])
  const name = useChannelName()
  const found = useQuery(ask.payback(channel))
  const [whole, ...months] = found.data ?? []
  return (
    <section className="sheet" aria-labelledby="payback">
      <div className="thead">
        <div className="shead">
          <h2 id="payback">
            <Term of="payback" asOf={data.as_of}>
              {t("payback")}
            </Term>
          </h2>
          <Select
            aria-label={t("channel")}
            className="w-state"
            value={channel}
            onChange={onChannel}
            options={["*", ...data.channels].map((value) => ({ value, label: name(value) }))}
          />
        </div>
        {whole && <Said curve={whole} />}
      </div>
      {found.error ? (
        <Trouble error={found.error} onRetry={() => void found.refetch()} />
      ) : !whole ? (
        <Bones rows={6} height={44} />
      ) : whole.points.length === 0 ? (
        <p className="soft pad">{t("paybackNone")}</p>
      ) : (
        <>
          <div className="pad">
            <Late load={loadChart} curve={whole} />
          </div>
          <Months rows={months} asOf={data.as_of} />
        </>
      )}
    </section>
  )
}

function Said({ curve }: { curve: PaybackCurve }) {
  const { t } = useTranslation("economics")
  const f = useFormats()
  if (curve.cost_minor === null) return <p className="soft small">{t("saidNoCost")}</p>
  const cost = f.money(curve.cost_minor)
  if (curve.crosses_days === null) return <p className="lead">{t("saidNotYet", { cost, days: curve.points.at(-1)?.days ?? 0 })}</p>
  const late = curve.crosses_late === null ? t("notYet") : t("day", { day: curve.crosses_late })
  return <p className="lead num">{t("saidBack", { cost, day: curve.crosses_days, early: t("day", { day: curve.crosses_early ?? curve.crosses_days }), late })}</p>
}

function Months({ rows, asOf }: { rows: PaybackCurve[]; asOf: string | null }) {
  const { t } = useTranslation(["economics", "common"])
  const f = useFormats()
  const last = rows.map((row) => row.points.at(-1)?.margin_minor)
  const money = f.column([...last, ...rows.map((row) => row.cost_minor)])
  const columns: Column<PaybackCurve>[] = [
    {
      key: "month",
      title: t("cohort"),
      show: (row) => (
        <>
          {row.month && f.month(row.month)}
          {row.maybe_older && <small className="soft block">{t("maybeOlder")}</small>}
        </>
      ),
    },
    { key: "customers", title: t("customers"), right: true, show: (row) => f.whole(row.customers) },
    { key: "cost", title: t("cost"), right: true, show: (row) => (row.cost_minor === null ? t("common:dash") : money.money(row.cost_minor)) },
    {
      key: "margin",
      title: t("marginSoFar"),
      right: true,
      show: (row) => {
        const point = row.points.at(-1)
        return point ? (
          <>
            {money.money(point.margin_minor.mid)} <span className="range fixed nophone">{t("common:range", money.range(point.margin_minor))}</span>
            <small className="soft block">{t("day", { day: point.days })}</small>
          </>
        ) : (
          <span className="soft">{t("tooYoung")}</span>
        )
      },
    },
    {
      key: "back",
      title: t("paidBack"),
      right: true,
      show: (row) => (row.cost_minor === null ? t("common:dash") : row.crosses_days === null ? t("notYet") : t("day", { day: row.crosses_days })),
    },
  ]
  return <Table label={t("cohort")} columns={columns} rows={[...rows].reverse()} rowKey={(row) => row.month ?? ""} fold={6} asOf={asOf} empty={<p className="soft pad">{t("paybackNone")}</p>} />
}
