import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Checkbox, Form, Input, Modal } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { useNotices } from "../../../lib/notices"
import { Blank } from "../../../parts/blank"
import { Table, type Column } from "../../../parts/table"
import { sentenceOf, Trouble } from "../../../parts/trouble"
import { asks, type KeySecret, type WriteKey } from "./asks"
import { Recipes } from "./send"

type Fields = { name: string; scopes: WriteKey["scopes"]; origins: string }

/** Who may send: keys, the pages that may use them, when they were last used. */
export function KeysTab({ may }: { may: boolean }) {
  const { t } = useTranslation("events")
  const { message, notification } = useNotices()
  const queries = useQueryClient()
  const [made, setMade] = useState<KeySecret | null>(null)
  const [doomed, setDoomed] = useState<WriteKey | null>(null)
  const keys = useQuery(asks.keys())
  const renew = () => queries.invalidateQueries({ queryKey: ["/v1/keys"] })
  const revoke = useMutation({
    mutationFn: (key: WriteKey) => client.DELETE("/v1/keys/{key_id}", { params: { path: { key_id: key.id } } }),
    onSuccess: (_, key) => {
      void message.success(t("keys.gone", { name: key.name }))
      setDoomed(null)
      void renew()
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const columns = useColumns(may ? setDoomed : undefined)
  if (keys.error) return <Trouble error={keys.error} onRetry={() => void keys.refetch()} />
  return (
    <>
      <section className="sheet">
        <Table
          label={t("tab.keys")}
          columns={columns}
          rows={keys.data?.rows}
          rowKey={(row) => row.id}
          rowClass={(row) => (row.revoked_at ? "gone" : "")}
          empty={<Blank title={t("keys.none")}>{t("keys.noneMeans")}</Blank>}
        />
      </section>
      {may && <MakeKey onMade={(fresh) => (setMade(fresh), void renew())} />}
      {made && <KeyOnce made={made} onClose={() => setMade(null)} />}
      <Modal
        open={!!doomed}
        title={doomed ? t("keys.sure", { name: doomed.name }) : ""}
        okText={t("keys.revoke")}
        okButtonProps={{ danger: true, loading: revoke.isPending }}
        onOk={() => doomed && revoke.mutate(doomed)}
        onCancel={() => setDoomed(null)}
        width={440}
      />
    </>
  )
}

function useColumns(onRevoke?: (key: WriteKey) => void): Column<WriteKey>[] {
  const { t } = useTranslation(["events", "common"])
  const f = useFormats()
  const pages = (key: WriteKey) => (key.origins.includes("*") ? t("keys.everyPage") : key.origins.join(", ") || t("keys.servers"))
  const found: Column<WriteKey>[] = [
    { key: "name", title: t("keys.name"), show: (row) => row.name },
    { key: "scopes", title: t("keys.scopes"), show: (row) => row.scopes.map((scope) => t(`keys.scope.${scope}`)).join(t("comma")) },
    { key: "origins", title: t("keys.origins"), wide: true, wrap: true, show: pages },
    { key: "used", title: t("keys.used"), right: true, show: (row) => (row.last_used_at ? f.moment(row.last_used_at) : t("keys.never")) },
    { key: "made", title: t("keys.made"), right: true, wide: true, show: (row) => <span title={t("keys.by", { name: row.created_by })}>{f.moment(row.created_at)}</span> },
  ]
  if (!onRevoke) return found
  const end = (row: WriteKey) =>
    row.revoked_at ? (
      <span className="soft">{t("keys.revoked")}</span>
    ) : (
      <Button size="small" type="text" onClick={() => onRevoke(row)} aria-label={t("common:act.for", { verb: t("keys.revoke"), title: row.name })}>
        {t("keys.revoke")}
      </Button>
    )
  return [...found, { key: "revoke", title: "", right: true, show: end }]
}

function MakeKey({ onMade }: { onMade(made: KeySecret): void }) {
  const { t } = useTranslation("events")
  const { notification } = useNotices()
  const [form] = Form.useForm<Fields>()
  const scopes = Form.useWatch("scopes", form)
  const make = useMutation({
    mutationFn: ({ name, scopes, origins }: Fields) =>
      take(client.POST("/v1/keys", { body: { name, scopes, origins: (origins ?? "").split(/\s+/).filter(Boolean) } })),
    onSuccess: (fresh) => {
      form.resetFields()
      onMade(fresh)
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const needed = [{ required: true, message: t("keys.needed") }]
  const kinds = (["events", "orders"] as const).map((scope) => ({ value: scope, label: t(`keys.scope.${scope}`) }))
  return (
    <section className="sheet pad">
      <h2>{t("keys.new")}</h2>
      <Form<Fields> form={form} layout="vertical" requiredMark={false} className="keyform" initialValues={{ scopes: ["events"] }} onFinish={(fields) => make.mutate(fields)}>
        <Form.Item name="name" label={t("keys.name")} extra={t("keys.nameHint")} rules={needed}>
          <Input autoComplete="off" maxLength={60} />
        </Form.Item>
        <Form.Item name="scopes" label={t("keys.scopes")} extra={scopes?.includes("orders") ? t("keys.ordersNote") : undefined}>
          <Checkbox.Group options={kinds} />
        </Form.Item>
        <Form.Item name="origins" label={t("keys.origins")} extra={t("keys.originsHint")}>
          <Input.TextArea autoComplete="off" rows={2} />
        </Form.Item>
        <Button htmlType="submit" type="primary" loading={make.isPending} disabled={scopes?.length === 0}>
          {t("keys.make")}
        </Button>
      </Form>
    </section>
  )
}

/** A key at the only moment it can be read, with the lines that put it to work. */
function KeyOnce({ made, onClose }: { made: KeySecret; onClose(): void }) {
  const { t } = useTranslation(["events", "common"])
  const { message } = useNotices()
  const copy = async () => {
    await navigator.clipboard.writeText(made.secret)
    void message.success(t("secret.copied"))
  }
  return (
    <Modal open onCancel={onClose} title={t("secret.title", { name: made.key.name })} footer={<Button onClick={onClose}>{t("common:act.close")}</Button>} width={640} mask={{ closable: false }}>
      <p className="soft">{t("secret.once")}</p>
      <p className="secret">
        <code>{made.secret}</code>
        <Button size="small" onClick={() => void copy()}>
          {t("secret.copy")}
        </Button>
      </p>
      {made.key.scopes.includes("events") && (
        <>
          <h3>{t("secret.how")}</h3>
          <Recipes secret={made.secret} page={made.key.origins.length > 0} />
        </>
      )}
    </Modal>
  )
}
