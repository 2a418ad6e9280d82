import { useQuery } from "@tanstack/react-query"
import { Button, Drawer, Form } from "antd"
import { useTranslation } from "react-i18next"
import type { components } from "../../../api.gen"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { Blank } from "../../../parts/blank"
import { Table, type Column } from "../../../parts/table"
import { Trouble } from "../../../parts/trouble"
import { asks } from "../products/asks"
import { useBoth } from "../products/words"
import { NameFields, NEW, NewButton, useKeep, type Named, type TabProps } from "./parts"

type Seller = components["schemas"]["CatalogueSeller"]

/** Who sells here: the shop itself and others. */
export function SellersTab({ edit, may, onEdit }: TabProps) {
  const { t } = useTranslation("setup")
  const both = useBoth()
  const f = useFormats()
  const asked = useQuery(asks.sellers())
  const every = asked.data?.rows
  if (asked.error) return <Trouble error={asked.error} onRetry={() => void asked.refetch()} />
  const columns: Column<Seller>[] = [
    { key: "name", title: t("setup.name"), wrap: true, show: (row) => (may ? <button type="button" className="linklike" onClick={() => onEdit(row.seller_id)}>{both(row.name)}</button> : both(row.name)) },
    { key: "other", title: f.lang === "zh" ? t("setup.nameEn") : t("setup.nameZh"), wrap: true, wide: true, show: (row) => (f.lang === "zh" ? row.name.en : row.name.zh) },
    { key: "key", title: t("setup.key"), show: (row) => <code>{row.seller_id}</code> },
  ]
  const one = every?.find((row) => row.seller_id === edit)
  return (
    <>
      <NewButton label={t("seller.new")} may={may} why={t("setup.operatorOnly")} onClick={() => onEdit(NEW)} />
      <section className="sheet">
        <Table label={t("setup.tab.sellers")} columns={columns} rows={every} rowKey={(row) => row.seller_id} empty={<Blank title={t("seller.none")} />} />
      </section>
      {may && every && (one || edit === NEW) && <Edit one={one} every={every} onClose={() => onEdit("")} />}
    </>
  )
}

function Edit({ one, every, onClose }: { one: Seller | undefined; every: Seller[]; onClose(): void }) {
  const { t } = useTranslation("setup")
  const keep = useKeep((told: Named) => take(client.PUT("/v1/trade/sellers/{seller_id}", { params: { path: { seller_id: one?.seller_id ?? told.key } }, body: { zh: told.zh ?? "", en: told.en ?? "" } })), onClose)
  return (
    <Drawer open onClose={onClose} title={one ? t("seller.edit") : t("seller.new")} size="large">
      <Form<Named> layout="vertical" requiredMark={false} className="setupform" initialValues={{ zh: one?.name.zh, en: one?.name.en }} onFinish={(told) => keep.mutate(told)}>
        <NameFields fresh={!one} taken={every.map((row) => row.seller_id)} />
        <Button htmlType="submit" type="primary" loading={keep.isPending}>
          {t("setup.keep")}
        </Button>
      </Form>
    </Drawer>
  )
}
