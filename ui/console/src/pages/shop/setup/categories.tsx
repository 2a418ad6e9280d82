import { useQuery } from "@tanstack/react-query"
import { Button, Drawer, Form, InputNumber, Select } from "antd"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { Blank } from "../../../parts/blank"
import { Table, type Column } from "../../../parts/table"
import { Trouble } from "../../../parts/trouble"
import { asks } from "../products/asks"
import { categoryOptions, useBoth } from "../products/words"
import { NameFields, NEW, NewButton, useKeep, type Named, type TabProps } from "./parts"
import { below, children, tree, type Category } from "./tree"

const put = (rows: Category[]) => take(client.PUT("/v1/trade/categories", { body: { rows } }))

/** Categories as a tree: each below its parent, in the order in which shoppers see them. */
export function CategoriesTab({ edit, may, onEdit }: TabProps) {
  const { t } = useTranslation(["setup", "common"])
  const both = useBoth()
  const f = useFormats()
  const asked = useQuery(asks.categories())
  const every = asked.data?.rows
  const move = useKeep(put)
  if (asked.error) return <Trouble error={asked.error} onRetry={() => void asked.refetch()} />
  const shift = (row: Category, by: -1 | 1) => {
    const beside = children(every ?? [], row.parent_id ?? null)
    const at = beside.findIndex((one) => one.category_id === row.category_id)
    const other = beside[at + by]
    if (other) move.mutate(beside.map((one, i) => ({ ...(i === at ? other : i === at + by ? row : one), position: i })))
  }
  const edge = (row: Category, by: -1 | 1) => (by < 0 ? children(every ?? [], row.parent_id ?? null)[0] : children(every ?? [], row.parent_id ?? null).at(-1))?.category_id === row.category_id
  const columns: Column<Category & { depth: number }>[] = [
    { key: "name", title: t("setup.name"), wrap: true, show: (row) => <span style={{ paddingInlineStart: row.depth * 20 }}>{may ? <button type="button" className="linklike" onClick={() => onEdit(row.category_id)}>{both(row.name)}</button> : both(row.name)}</span> },
    { key: "other", title: f.lang === "zh" ? t("setup.nameEn") : t("setup.nameZh"), wrap: true, wide: true, show: (row) => (f.lang === "zh" ? row.name.en : row.name.zh) },
    { key: "key", title: t("setup.key"), wide: true, show: (row) => <code>{row.category_id}</code> },
  ]
  const acts: Column<Category & { depth: number }> = {
    key: "acts",
    title: t("category.order"),
    right: true,
    show: (row) => (
      <span className="rowacts">
        <Button size="small" type="text" disabled={edge(row, -1) || move.isPending} aria-label={t("category.up", { name: both(row.name) })} onClick={() => shift(row, -1)}>↑</Button>
        <Button size="small" type="text" disabled={edge(row, 1) || move.isPending} aria-label={t("category.down", { name: both(row.name) })} onClick={() => shift(row, 1)}>↓</Button>
      </span>
    ),
  }
  const one = every?.find((row) => row.category_id === edit)
  return (
    <>
      <NewButton label={t("category.new")} may={may} why={t("setup.operatorOnly")} onClick={() => onEdit(NEW)} />
      <section className="sheet">
        <Table label={t("setup.tab.categories")} columns={may ? [...columns, acts] : columns} rows={every && tree(every)} rowKey={(row) => row.category_id} empty={<Blank title={t("category.none")}>{t("category.noneMeans")}</Blank>} />
      </section>
      {may && every && (one || edit === NEW) && <Edit one={one} every={every} onClose={() => onEdit("")} />}
    </>
  )
}

type Fields = Named & { parent_id?: string | null; position: number | null }

function Edit({ one, every, onClose }: { one: Category | undefined; every: Category[]; onClose(): void }) {
  const { t } = useTranslation("setup")
  const both = useBoth()
  const write = (told: Fields) => put([{ category_id: one?.category_id ?? told.key, parent_id: told.parent_id ?? null, name: { zh: told.zh ?? "", en: told.en ?? "" }, position: told.position ?? 0 }])
  const keep = useKeep(write, onClose)
  const inside = one ? below(every, one.category_id) : new Set<string>()
  const start = { zh: one?.name.zh, en: one?.name.en, parent_id: one?.parent_id ?? null, position: one?.position ?? (children(every, null).at(-1)?.position ?? -1) + 1 }
  return (
    <Drawer open onClose={onClose} title={one ? t("category.edit") : t("category.new")} size="large">
      <Form<Fields> layout="vertical" requiredMark={false} className="setupform" initialValues={start} onFinish={(told) => keep.mutate(told)}>
        <NameFields fresh={!one} taken={every.map((row) => row.category_id)} />
        <Form.Item name="parent_id" label={t("category.below")}>
          <Select allowClear placeholder={t("category.top")} showSearch={{ optionFilterProp: "label" }} options={categoryOptions(every, both).filter((option) => !inside.has(option.value))} />
        </Form.Item>
        <Form.Item name="position" label={t("category.position")} extra={t("category.positionHint")}>
          <InputNumber min={0} max={100_000} precision={0} />
        </Form.Item>
        <Button htmlType="submit" type="primary" loading={keep.isPending}>
          {t("setup.keep")}
        </Button>
      </Form>
    </Drawer>
  )
}
