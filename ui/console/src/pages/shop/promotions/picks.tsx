import { useQuery } from "@tanstack/react-query"
import { Select } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { asks } from "./asks"
import { useBoth } from "./words"

type Props = { value?: string[]; onChange?(ids: string[]): void; id?: string }

/** Products by name or number; a number that nobody found may be typed. */
export function PickProducts(props: Props) {
  const { t } = useTranslation("pricing")
  const both = useBoth()
  const [q, setQ] = useState("")
  const found = useQuery(asks.products(q)).data?.rows ?? []
  const options = found.map((one) => ({ value: one.product_id, label: `${both(one.title)} · ${one.product_id}` }))
  return <Select {...props} mode="tags" showSearch={{ filterOption: false, onSearch: setQ }} tokenSeparators={[",", "，"]} placeholder={t("scope.any")} options={options} maxCount={500} />
}

/** Categories with what they stand below. */
export function PickCategories(props: Props) {
  const { t } = useTranslation("pricing")
  const both = useBoth()
  const every = useQuery(asks.categories()).data?.rows ?? []
  const named = (id: string | null | undefined): string => {
    const one = every.find((row) => row.category_id === id)
    return one ? [named(one.parent_id), both(one.name)].filter(Boolean).join(" › ") : ""
  }
  return <Select {...props} mode="multiple" showSearch={{ optionFilterProp: "label" }} placeholder={t("scope.any")} options={every.map((one) => ({ value: one.category_id, label: named(one.category_id) }))} />
}

export function PickSellers(props: Props) {
  const { t } = useTranslation("pricing")
  const both = useBoth()
  const every = useQuery(asks.sellers()).data?.rows ?? []
  return <Select {...props} mode="multiple" showSearch={{ optionFilterProp: "label" }} placeholder={t("scope.any")} options={every.map((one) => ({ value: one.seller_id, label: both(one.name) }))} />
}
