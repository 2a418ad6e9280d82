import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Input } from "antd"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import { Table, type Column } from "../../../parts/table"
import { sentenceOf, Trouble } from "../../../parts/trouble"
import { asks, type Retention } from "./asks"

const kinds = ["events", "touches", "reviews", "looks", "jobs"] as const

/** How long each kind of fact is kept; an empty field keeps it as long as the person. */
export function RetentionTab({ may }: { may: boolean }) {
  const { t } = useTranslation("privacy")
  const f = useFormats()
  const { message, notification } = useNotices()
  const queries = useQueryClient()
  const found = useQuery(asks.retention())
  const lasts = (days: number | null) => (days === null ? t("asLong") : t("days", { count: days }))
  const save = useMutation({
    mutationFn: ({ kind, days }: { kind: string; days: number | null }) =>
      take(client.PUT("/v1/privacy/retention/{kind}", { params: { path: { kind } }, body: { days } })),
    onSuccess: (rows, { days }) => {
      queries.setQueryData(asks.retention().queryKey, rows)
      void message.success(t("saved", { value: lasts(days) }))
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  if (found.error) return <Trouble error={found.error} onRetry={() => void found.refetch()} />
  const name = (kind: string) => {
    const one = kinds.find((each) => each === kind)
    return one ? t(`fact.${one}`) : kind
  }
  const leave = (row: Retention, text: string) => {
    const days = text.trim() === "" ? null : Number(text)
    if (days !== row.days && (days === null || Number.isInteger(days))) save.mutate({ kind: row.kind, days })
  }
  const columns: Column<Retention>[] = [
    { key: "kind", title: t("col.what"), show: (row) => name(row.kind) },
    {
      key: "keep",
      title: t("col.keep"),
      show: (row) =>
        may ? (
          <Input
            key={String(row.days)}
            defaultValue={row.days ?? ""}
            placeholder={t("asLong")}
            inputMode="numeric"
            aria-label={t("daysOf", { kind: name(row.kind) })}
            style={{ maxWidth: 180 }}
            onBlur={(event) => leave(row, event.target.value)}
            onPressEnter={(event) => event.currentTarget.blur()}
          />
        ) : (
          lasts(row.days)
        ),
    },
    { key: "default", title: t("byDefault"), wide: true, show: (row) => lasts(row.default) },
    { key: "who", title: t("col.who"), wide: true, right: true, show: (row) => (row.updated_by && row.updated_at ? t("setBy", { who: row.updated_by, at: f.moment(row.updated_at) }) : t("byDefault")) },
  ]
  return (
    <section className="sheet">
      <p className="pad soft small">{t("retentionNote")}</p>
      <Table label={t("tab.retention")} columns={columns} rows={found.data} rowKey={(row) => row.kind} empty={null} />
    </section>
  )
}
