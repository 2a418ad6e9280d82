import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Form, Input, Select, Switch } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useNotices } from "../../lib/notices"
import type { Operator, OperatorSecret as Made, Role } from "../../lib/shapes"
import { client, take } from "../../lib/api"
import { useFormats } from "../../lib/i18n"
import { useTeamName } from "../../lib/names"
import { ask, files } from "../../lib/queries"
import { Table, type Column } from "../../parts/table"
import { TableTools } from "../../parts/tabletools"
import { sentenceOf, Trouble } from "../../parts/trouble"
import { SecretOnce } from "./secret"

export const roles = ["viewer", "operator", "approver", "admin"] as const

type Change = { name: string; change: Partial<Pick<Operator, "role" | "teams" | "disabled">> }

export function OperatorsTab() {
  const { t } = useTranslation(["settings", "common"])
  const f = useFormats()
  const { notification } = useNotices()
  const queries = useQueryClient()
  const [made, setMade] = useState<Made | null>(null)
  const people = useQuery(ask.operators())
  const teams = useQuery({ ...ask.teams(), staleTime: Infinity }).data
  const teamName = useTeamName(teams)
  const change = useMutation({
    mutationFn: ({ name, change }: Change) => client.PATCH("/v1/operators/{name}", { params: { path: { name } }, body: change }),
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["/v1/operators"] }),
  })
  if (people.error) return <Trouble error={people.error} onRetry={() => void people.refetch()} />
  const columns: Column<Operator>[] = [
    { key: "name", title: t("name"), show: (row) => row.name },
    {
      key: "role",
      title: t("role"),
      show: (row) => (
        <Select<Role>
          size="small"
          className="w-state"
          aria-label={t("roleOf", { name: row.name })}
          value={row.role}
          onChange={(role) => change.mutate({ name: row.name, change: { role } })}
          options={roles.map((role) => ({ value: role, label: t(`common:role.${role}`) }))}
        />
      ),
    },
    {
      key: "teams",
      title: t("teams"),
      show: (row) => (
        <Select
          size="small"
          mode="multiple"
          className="w-dept"
          aria-label={t("teamsOf", { name: row.name })}
          value={row.teams}
          onChange={(keys) => change.mutate({ name: row.name, change: { teams: keys } })}
          options={(teams ?? []).map((team) => ({ value: team.key, label: teamName(team.key) }))}
        />
      ),
    },
    { key: "seen", title: t("seen"), wide: true, right: true, show: (row) => (row.last_seen_at ? f.moment(row.last_seen_at) : t("never")) },
    {
      key: "disabled",
      title: t("mayEnter"),
      show: (row) => (
        <Switch
          size="small"
          checked={!row.disabled}
          aria-label={t("mayEnterOf", { name: row.name })}
          onChange={(on) => change.mutate({ name: row.name, change: { disabled: !on } })}
        />
      ),
    },
  ]
  return (
    <>
      <div className="tbar">
        <TableTools name="operators" file={files.operators()} call={{ path: "/v1/operators", query: {} }} />
      </div>
      <section className="sheet">
        <Table label={t("tab.operators")} columns={columns} rows={people.data} rowKey={(row) => row.name} empty={null} />
      </section>
      <NewOperator onMade={setMade} />
      {made && <SecretOnce title={t("passwordOf", { name: made.operator.name })} secret={made.password} onClose={() => setMade(null)} />}
    </>
  )
}

type Fields = { name: string; role: Role; teams?: string[] }

function NewOperator({ onMade }: { onMade(made: Made): void }) {
  const { t } = useTranslation(["settings", "common"])
  const { notification } = useNotices()
  const queries = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const teams = useQuery({ ...ask.teams(), staleTime: Infinity }).data
  const teamName = useTeamName(teams)
  const make = useMutation({
    mutationFn: (fields: Fields) => take(client.POST("/v1/operators", { body: { ...fields, teams: fields.teams ?? [] } })),
    onSuccess: (made) => {
      form.resetFields()
      onMade(made)
      void queries.invalidateQueries({ queryKey: ["/v1/operators"] })
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  return (
    <section className="sheet pad">
      <h2>{t("newOperator")}</h2>
      <Form<Fields> form={form} layout="vertical" requiredMark={false} className="fields" initialValues={{ role: "operator" }} onFinish={(fields) => make.mutate(fields)}>
        <Form.Item name="name" label={t("name")} rules={[{ required: true, message: t("common:login.needed") }]}>
          <Input autoComplete="off" maxLength={64} />
        </Form.Item>
        <Form.Item name="role" label={t("role")}>
          <Select options={roles.map((role) => ({ value: role, label: t(`common:role.${role}`) }))} />
        </Form.Item>
        <Form.Item name="teams" label={t("teams")}>
          <Select mode="multiple" options={(teams ?? []).map((team) => ({ value: team.key, label: teamName(team.key) }))} />
        </Form.Item>
        <Button htmlType="submit" loading={make.isPending}>
          {t("makeOperator")}
        </Button>
      </Form>
    </section>
  )
}
