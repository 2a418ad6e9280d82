import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Button, Form, Input } from "antd"
import { useTranslation } from "react-i18next"
import { useNotices } from "../../../lib/notices"
import { sentenceOf } from "../../../parts/trouble"

export type TabProps = { edit: string; may: boolean; onEdit(edit: string): void }
export type Named = { key: string; zh: string; en: string }
/** In the address: somebody writes a new one. */
export const NEW = "+"

/** Something is written; what the shop shows of it is asked for anew. */
export function useKeep<T>(write: (told: T) => Promise<unknown>, onDone?: () => void) {
  const { t } = useTranslation("setup")
  const queries = useQueryClient()
  const { message, notification } = useNotices()
  return useMutation({
    mutationFn: write,
    onSuccess: () => {
      void message.success(t("setup.kept"))
      onDone?.()
      return queries.invalidateQueries({ predicate: (query) => String(query.queryKey[0]).startsWith("/v1/trade/") })
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
}

/** The button above a list; whoever may not sees why. */
export function NewButton({ label, may, why, onClick }: { label: string; may: boolean; why: string; onClick(): void }) {
  return (
    <div className="setuphead">
      <Button type="primary" disabled={!may} title={may ? undefined : why} onClick={onClick}>
        {label}
      </Button>
    </div>
  )
}

/** The key of a new thing, and names in both languages, of which one must be there. */
export function NameFields({ fresh, taken }: { fresh: boolean; taken: string[] }) {
  const { t } = useTranslation("setup")
  const form = Form.useFormInstance<Named>()
  const named = () => ({ validator: () => ((form.getFieldValue("zh") || form.getFieldValue("en") || "").trim() ? Promise.resolve() : Promise.reject(new Error(t("setup.oneName")))) })
  const free = () => ({ validator: (_: unknown, key: string) => (fresh && taken.includes(key) ? Promise.reject(new Error(t("setup.taken", { key }))) : Promise.resolve()) })
  return (
    <>
      {fresh && (
        <Form.Item name="key" label={t("setup.key")} extra={t("setup.keyHint")} rules={[{ required: true, message: t("setup.needed") }, { pattern: /^[a-z0-9][a-z0-9-]*$/, message: t("setup.keyHint") }, free]}>
          <Input autoComplete="off" maxLength={40} />
        </Form.Item>
      )}
      <div className="pairrow">
        <Form.Item name="zh" label={t("setup.nameZh")} dependencies={["en"]} rules={[named]}>
          <Input autoComplete="off" maxLength={200} />
        </Form.Item>
        <Form.Item name="en" label={t("setup.nameEn")}>
          <Input autoComplete="off" maxLength={200} />
        </Form.Item>
      </div>
    </>
  )
}
