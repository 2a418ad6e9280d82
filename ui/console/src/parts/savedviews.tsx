import { useQuery } from "@tanstack/react-query"
import { Button, Form, Input, Modal } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useLocation, useNavigate } from "react-router"
import { client, take } from "../lib/api"
import { useNotices } from "../lib/notices"
import { ask, queries } from "../lib/queries"
import { Menu, type MenuItem } from "./menu"
import { sentenceOf } from "./trouble"

const fresh = () => queries.invalidateQueries({ queryKey: ask.views().queryKey })

/** A page's address under names of one's own: filters, order and columns come back with one click. */
export function SavedViews({ page }: { page: string }) {
  const { t } = useTranslation("common")
  const go = useNavigate()
  const { pathname, search } = useLocation()
  const { message } = useNotices()
  const [naming, setNaming] = useState(false)
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
    { key: "keep", label: t("views.keep"), run: () => setNaming(true) },
    ...(here ? [{ key: "drop", label: t("views.drop", { name: here.name }), run: () => void drop(here.id) }] : []),
  ]
  return (
    <>
      <Menu label={here?.name ?? t("views.title")} items={items} />
      {naming && (
        <NameView
          first={here?.name ?? ""}
          onClose={() => setNaming(false)}
          onName={(name) => {
            setNaming(false)
            void keep(name)
          }}
        />
      )}
    </>
  )
}

function NameView({ first, onClose, onName }: { first: string; onClose(): void; onName(name: string): void }) {
  const { t } = useTranslation("common")
  const onFinish = ({ name }: { name: string }) => onName(name.trim())
  return (
    <Modal open onCancel={onClose} footer={null} title={t("views.keep")} width={420} transitionName="" maskTransitionName="">
      <Form layout="vertical" onFinish={onFinish} initialValues={{ name: first }}>
        <Form.Item name="name" label={t("views.name")} extra={t("views.what")} rules={[{ required: true, whitespace: true, message: t("login.needed") }]}>
          <Input autoFocus maxLength={60} />
        </Form.Item>
        <Button type="primary" htmlType="submit">
          {t("act.save")}
        </Button>
      </Form>
    </Modal>
  )
}
