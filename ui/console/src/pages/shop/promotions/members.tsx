import { useQuery } from "@tanstack/react-query"
import { Select } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { atLeast } from "../../../lib/api"
import { ask } from "../../../lib/queries"
import { asks } from "./asks"

function useFound(q: string, chosen: string[]) {
  const { t } = useTranslation("pricing")
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const may = atLeast(me?.role, "operator")
  const found = useQuery({ ...asks.members(q), enabled: may }).data?.rows ?? []
  const named = useQuery({ ...asks.membersById(chosen), enabled: may && chosen.length > 0 }).data ?? []
  const rows = [...found.map((row) => row.member), ...named.filter((one) => !found.some((row) => row.member.member_id === one.member_id))]
  const options = rows.map((one) => ({ value: one.member_id, label: [one.name || t("nameless"), one.phone ?? one.email].filter(Boolean).join(" · ") }))
  return { rows, options }
}

type One = { value: string; placeholder: string; onChange(member: string, tier: string | null | undefined): void }

/** One member, by name, contact or number; their tier comes along. */
export function PickMember({ value, placeholder, onChange }: One) {
  const [q, setQ] = useState("")
  const { rows, options } = useFound(q, value ? [value] : [])
  const choose = (id: string | undefined) => onChange(id ?? "", id ? rows.find((one) => one.member_id === id)?.tier : null)
  return <Select allowClear showSearch={{ filterOption: false, onSearch: setQ }} value={value || undefined} placeholder={placeholder} onChange={choose} options={options} popupMatchSelectWidth={280} />
}

type Many = { value?: string[]; onChange?(ids: string[]): void; id?: string }

/** Several members; a number that nobody found may be typed or pasted. */
export function PickMembers(props: Many) {
  const [q, setQ] = useState("")
  const { options } = useFound(q, (props.value ?? []).slice(0, 20))
  return <Select {...props} mode="tags" showSearch={{ filterOption: false, onSearch: setQ }} tokenSeparators={[",", " ", "，", "\n"]} options={options} maxTagCount={20} maxCount={5000} />
}
