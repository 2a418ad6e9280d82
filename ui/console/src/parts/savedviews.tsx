import { useQuery } from "@tanstack/react-query"
import { useState, type ComponentType } from "react"
import { useTranslation } from "react-i18next"
import { useLocation, useNavigate } from "react-router"
import { client, take } from "../lib/api"
import { useNotices } from "../lib/notices"
import { ask, queries } from "../lib/queries"
import { Menu, type MenuItem } from "./menu"
import type { NameViewProps } from "./nameview"
import { sentenceOf } from "./trouble"

const fresh = () => queries.invalidateQueries({ queryKey: ask.views().queryKey })

/** A page's address under names of one's own: filters, order and columns come back with one click. */
export function SavedViews({ page }: { page: string }) {
  const { t } = useTranslation("common")
  const go = useNavigate()
  const { pathname, search } = useLocation()
  const { message } = useNotices()
  const [NameView, setNameView] = useState<ComponentType<NameViewProps> | null>(null)
  const close = () => setNameView(null)
  const name = () => void import("./nameview").then((module) => setNameView(() => module.default))
  const query = search.replace(/^\?/, "")
  const mine = (useQuery({ ...ask.views(), staleTime: Infinity }).data ?? []).filter((view) => view.page === page)
  const here = mine.find((view) => view.query === query)
  const trying = async (what: () => Promise<unknown>) => {
    try {
      await what()
      await fresh()
    } catch (problem) {
      void message.error(sentenceOf(problem))
    }
  }
  const keep = (name: string) => trying(() => take(client.POST("/v1/views", { body: { page, name, query } })))
  const drop = (id: string) => trying(() => take(client.DELETE("/v1/views/{id}", { params: { path: { id } } })))
  const items: MenuItem[] = [
    ...mine.map((view) => ({
      key: view.id,
      label: view.name,
      checked: view === here,
      run: () => void go({ pathname, search: view.query }),
    })),
    { key: "keep", label: t("views.keep"), run: name },
    ...(here ? [{ key: "drop", label: t("views.drop", { name: here.name }), run: () => void drop(here.id) }] : []),
  ]
  return (
    <>
      <Menu label={here?.name ?? t("views.title")} items={items} />
      {NameView && (
        <NameView
          first={here?.name ?? ""}
          onClose={close}
          onName={(chosen) => {
            close()
            void keep(chosen)
          }}
        />
      )}
    </>
  )
}
