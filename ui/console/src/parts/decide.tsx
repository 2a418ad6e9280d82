import { useMutation, useQueryClient, type InfiniteData } from "@tanstack/react-query"
import { Button } from "antd"
import { useTranslation } from "react-i18next"
import { useNotices } from "../lib/notices"
import type { Group, Page, Today } from "../lib/shapes"
import { client, take } from "../lib/api"
import { useTitles } from "../lib/names"
import { kindOf, sentenceOf } from "./trouble"

export type Verb = "approve" | "reject" | "undo"
const becomes = { approve: "approved", reject: "rejected", undo: "proposed" } as const

type Asked = { group: Group; verb: Verb }
type Groups = InfiniteData<Page<Group>>

/** Approve, reject or take back a group: shown at once, put back with a sentence when the shop refuses. */
export function useDecide() {
  const { t } = useTranslation("common")
  const { notification } = useNotices()
  const { groupTitle } = useTitles()
  const queries = useQueryClient()

  function show(group: Group, state: string) {
    const change = (row: Group) => (row.id === group.id ? { ...row, state } : row)
    queries.setQueriesData<Today>({ queryKey: ["/v1/today"] }, (old) => old && { ...old, groups: old.groups.map(change) })
    queries.setQueriesData<Groups>(
      { queryKey: ["/v1/decisions/groups"] },
      (old) => old && { ...old, pages: old.pages.map((page) => ({ ...page, rows: page.rows.map(change) })) },
    )
  }

  function replace(fresh: Group) {
    const change = (row: Group) => (row.id === fresh.id ? fresh : row)
    queries.setQueriesData<Today>({ queryKey: ["/v1/today"] }, (old) => old && { ...old, groups: old.groups.map(change) })
    queries.setQueriesData<Groups>(
      { queryKey: ["/v1/decisions/groups"] },
      (old) => old && { ...old, pages: old.pages.map((page) => ({ ...page, rows: page.rows.map(change) })) },
    )
    for (const path of ["/v1/decisions", "/v1/decisions/groups/{id}", "/v1/decisions/{id}"]) {
      void queries.invalidateQueries({ queryKey: [path] })
    }
  }

  const decide = useMutation({
    mutationFn: ({ group, verb }: Asked) => take(
        client.POST("/v1/decisions/groups/{id}/{verdict}", {
          params: { path: { id: group.id, verdict: verb } },
          body: { version_sum: group.version_sum },
        }),
      ),
    onMutate: async ({ group, verb }) => {
      await queries.cancelQueries({ queryKey: ["/v1/today"] })
      show(group, becomes[verb])
    },
    onError: (error, { group, verb }) => {
      show(group, group.state)
      if (kindOf(error) === "conflict") void queries.invalidateQueries()
      notification.error({
        key: group.id,
        duration: 0,
        title: t("act.failed", { title: groupTitle(group) }),
        description: `${sentenceOf(error)} ${t("act.restored")}`,
        actions: again({ group, verb }),
      })
    },
    onSuccess: (fresh, { group, verb }) => {
      replace(fresh)
      if (verb === "undo") return notification.destroy(group.id)
      notification.open({
        key: group.id,
        duration: 8,
        role: "status",
        title: t(verb === "approve" ? "act.approved" : "act.rejected", { title: groupTitle(group) }),
        description: verb === "approve" && group.play !== "stock_up" ? t("act.waits") : undefined,
        actions: (
          <Button size="small" onClick={() => decide.mutate({ group: fresh, verb: "undo" })}>
            {t("act.undo")}
          </Button>
        ),
      })
    },
  })

  const again = (asked: Asked) => (
    <Button
      size="small"
      onClick={() => {
        notification.destroy(asked.group.id)
        decide.mutate(asked)
      }}
    >
      {t("act.retry")}
    </Button>
  )

  return { decide: (group: Group, verb: Verb) => decide.mutate({ group, verb }), pending: decide.isPending }
}
