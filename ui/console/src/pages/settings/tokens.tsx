import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Form, Input, InputNumber, Select } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useNotices } from "../../lib/notices"
import type { Role, Token, TokenSecret as Made } from "../../lib/shapes"
import { client, take } from "../../lib/api"
import { useFormats } from "../../lib/i18n"
import { ask, files } from "../../lib/queries"
import { Table, type Column } from "../../parts/table"
import { TableTools } from "../../parts/tabletools"
import { sentenceOf, Trouble } from "../../parts/trouble"
import { roles } from "./operators"
import { SecretOnce } from "./secret"

type Fields = { name: string; role: Role; days: number }

export function TokensTab() {
  const { t } = useTranslation(["settings", "common"])
  const f = useFormats()
  const { notification } = useNotices()
  const queries = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const [made, setMade] = useState<Made | null>(null)
  const tokens = useQuery(ask.tokens())
  const renew = () => queries.invalidateQueries({ queryKey: ["/v1/tokens"] })
  const onError = (problem: unknown) => notification.error({ title: sentenceOf(problem), duration: 8 })
  const make = useMutation({
    mutationFn: (fields: Fields) => take(client.POST("/v1/tokens", { body: fields })),
    onSuccess: (fresh) => {
      form.resetFields()
      setMade(fresh)
      void renew()
    },
    onError,
  })
  const revoke = useMutation({ mutationFn: (id: string) => client.DELETE("/v1/tokens/{id}", { params: { path: { id } } }), onSuccess: renew, onError })
  if (tokens.error) return <Trouble error={tokens.error} onRetry={() => void tokens.refetch()} />
  const columns: Column<Token>[] = [
    { key: "name", title: t("tokenName"), show: (row) => row.name },
    { key: "operator", title: t("owner"), wide: true, show: (row) => row.operator },
    { key: "role", title: t("role"), show: (row) => t(`common:role.${row.role}`) },
    { key: "used", title: t("used"), right: true, wide: true, show: (row) => (row.last_used_at ? f.moment(row.last_used_at) : t("never")) },
    { key: "expires", title: t("expires"), right: true, show: (row) => f.day(row.expires_at) },
    {
      key: "revoke",
      title: "",
      right: true,
      show: (row) => (
        <Button size="small" type="text" onClick={() => revoke.mutate(row.id)} aria-label={t("common:act.for", { verb: t("revoke"), title: row.name })}>
          {t("revoke")}
        </Button>
      ),
    },
  ]
  return (
    <>
      <div className="tbar">
        <TableTools name="tokens" file={files.tokens()} call={{ path: "/v1/tokens", query: {} }} />
      </div>
      <section className="sheet">
        <Table label={t("tab.tokens")} columns={columns} rows={tokens.data} rowKey={(row) => row.id} empty={<p className="soft pad">{t("tokensNone")}</p>} />
      </section>
      <section className="sheet pad">
        <h2>{t("newToken")}</h2>
        <Form<Fields>
          form={form}
          layout="vertical"
          requiredMark={false}
          className="fields"
          initialValues={{ role: "viewer", days: 90 }}
          onFinish={(fields) => make.mutate(fields)}
        >
          <Form.Item name="name" label={t("tokenName")} rules={[{ required: true, message: t("common:login.needed") }]}>
            <Input autoComplete="off" maxLength={60} />
          </Form.Item>
          <Form.Item name="role" label={t("role")}>
            <Select options={roles.map((role) => ({ value: role, label: t(`common:role.${role}`) }))} />
          </Form.Item>
          <Form.Item name="days" label={t("validDays")}>
            <InputNumber min={1} max={365} precision={0} />
          </Form.Item>
          <Button htmlType="submit" loading={make.isPending}>
            {t("makeToken")}
          </Button>
        </Form>
      </section>
      {made && <SecretOnce title={t("secretOf", { name: made.token.name })} secret={made.secret} onClose={() => setMade(null)} />}
    </>
  )
}
