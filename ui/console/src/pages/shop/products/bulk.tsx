import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Modal, Select } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useNotices } from "../../../lib/notices"
import { sentenceOf } from "../../../parts/trouble"
import { asks, renew, type State } from "./asks"
import { PricesDrawer } from "./prices"
import { categoryOptions, useBoth } from "./words"

type Props = { picked: ReadonlySet<string>; onDone(): void }

/** What is done with several products at once. */
export function Moves({ picked, onDone }: Props) {
  const { t } = useTranslation("catalogue")
  const { notification, message } = useNotices()
  const queries = useQueryClient()
  const [open, setOpen] = useState<"" | "category" | "prices">("")
  const move = useMutation({
    mutationFn: (state: State) => take(client.POST("/v1/trade/products/state", { body: { product_ids: [...picked], state } })),
    onSuccess: ({ moved }) => {
      void message.success(t("moved", { count: moved }))
      void renew(queries)
      onDone()
    },
    onError: (problem) => void notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  return (
    <span className="row end wrap">
      <span className="soft">{t("picked", { count: picked.size })}</span>
      {(["listed", "draft", "archived"] as const).map((state) => (
        <Button key={state} size="small" loading={move.isPending && move.variables === state} onClick={() => move.mutate(state)}>
          {t(`move.${state}`)}
        </Button>
      ))}
      <Button size="small" onClick={() => setOpen("category")}>
        {t("bulk.category")}
      </Button>
      <Button size="small" onClick={() => setOpen("prices")}>
        {t("bulk.prices")}
      </Button>
      {open === "category" && <IntoCategory picked={picked} onDone={onDone} onClose={() => setOpen("")} />}
      <PricesDrawer open={open === "prices"} picked={picked} onDone={onDone} onClose={() => setOpen("")} />
    </span>
  )
}

function IntoCategory({ picked, onDone, onClose }: Props & { onClose(): void }) {
  const { t } = useTranslation("catalogue")
  const both = useBoth()
  const { notification, message } = useNotices()
  const queries = useQueryClient()
  const categories = useQuery(asks.categories()).data?.rows ?? []
  const [into, setInto] = useState<string | undefined>()
  const put = useMutation({
    mutationFn: () => take(client.POST("/v1/trade/products/category", { body: { product_ids: [...picked], category_id: into || null } })),
    onSuccess: ({ moved }) => {
      void message.success(t("moved", { count: moved }))
      void renew(queries)
      onDone()
      onClose()
    },
    onError: (problem) => void notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const options = [{ value: "", label: t("bulk.noCategory") }, ...categoryOptions(categories, both)]
  return (
    <Modal open title={t("bulk.category")} okText={t("bulk.put", { count: picked.size })} okButtonProps={{ disabled: into === undefined, loading: put.isPending }} onOk={() => put.mutate()} onCancel={onClose}>
      <Select className="wholewidth" aria-label={t("form.category")} placeholder={t("form.category")} value={into} onChange={setInto} options={options} showSearch optionFilterProp="label" />
    </Modal>
  )
}
