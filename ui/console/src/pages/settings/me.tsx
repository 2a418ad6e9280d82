import { useMutation, useQuery } from "@tanstack/react-query"
import { Button, Form, Input, Segmented } from "antd"
import { useTranslation } from "react-i18next"
import { useNotices } from "../../lib/notices"
import { client } from "../../lib/api"
import type { Lang } from "../../lib/format"
import { useTeamName } from "../../lib/names"
import { ask } from "../../lib/queries"
import { useSettings } from "../../lib/settings"
import type { Mode } from "../../lib/theme"
import { sentenceOf } from "../../parts/trouble"

type Fields = { old: string; new: string; again: string }

export function MeTab() {
  const { t } = useTranslation(["settings", "common"])
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const teams = useQuery({ ...ask.teams(), staleTime: Infinity }).data
  const teamName = useTeamName(teams)
  return (
    <div className="two first">
      <section className="sheet pad">
        <h2>{t("password")}</h2>
        <PasswordForm />
      </section>
      <div className="stack">
        <section className="sheet pad">
          <h2>{t("account")}</h2>
          <dl className="facts">
            <dt>{t("name")}</dt>
            <dd>{me?.name}</dd>
            <dt>{t("role")}</dt>
            <dd>{me ? t(`common:role.${me.role}`) : ""}</dd>
            <dt>{t("teams")}</dt>
            <dd>{me?.teams.map(teamName).join(", ") || t("common:none")}</dd>
          </dl>
        </section>
        <Looks />
      </div>
    </div>
  )
}

function PasswordForm() {
  const { t } = useTranslation(["settings", "common"])
  const { message, notification } = useNotices()
  const [form] = Form.useForm<Fields>()
  const change = useMutation({
    mutationFn: (fields: Fields) => client.POST("/v1/me/password", { body: { old: fields.old, new: fields.new } }),
    onSuccess: () => {
      form.resetFields()
      void message.success(t("passwordChanged"))
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const needed = { required: true, message: t("common:login.needed") }
  const same = ({ getFieldValue }: { getFieldValue(name: string): unknown }) => ({
    validator: (_: unknown, value: string) =>
      !value || getFieldValue("new") === value ? Promise.resolve() : Promise.reject(new Error(t("notSame"))),
  })
  return (
    <Form<Fields> form={form} layout="vertical" requiredMark={false} className="narrowform" onFinish={(fields) => change.mutate(fields)}>
      <Form.Item name="old" label={t("oldPassword")} rules={[needed]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Form.Item name="new" label={t("newPassword")} rules={[needed]}>
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item name="again" label={t("againPassword")} dependencies={["new"]} rules={[needed, same]}>
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={change.isPending}>
        {t("changePassword")}
      </Button>
    </Form>
  )
}

function Looks() {
  const { t } = useTranslation("settings")
  const { lang, setLang, mode, setMode } = useSettings()
  return (
    <section className="sheet pad">
      <h2>{t("looks")}</h2>
      <dl className="facts">
        <dt>{t("language")}</dt>
        <dd>
          <Segmented<Lang>
            size="small"
            aria-label={t("language")}
            value={lang}
            onChange={setLang}
            options={[
              { value: "zh", label: t("zh") },
              { value: "en", label: t("en") },
            ]}
          />
        </dd>
        <dt>{t("theme")}</dt>
        <dd>
          <Segmented<Mode>
            size="small"
            aria-label={t("theme")}
            value={mode}
            onChange={setMode}
            options={[
              { value: "light", label: t("light") },
              { value: "dark", label: t("dark") },
            ]}
          />
        </dd>
      </dl>
    </section>
  )
}
