import { Alert, Button, Form, Input } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { client, setCsrf, take } from "../lib/api"
import { ask, queries } from "../lib/queries"
import { useSettings } from "../lib/settings"
import { sentenceOf } from "../parts/trouble"

type Fields = { name: string; password: string }

export function LoginPage() {
  const { t } = useTranslation("common")
  const { lang, setLang } = useSettings()
  const [error, setError] = useState("")
  const [busy, setBusy] = useState(false)
  async function signIn(fields: Fields) {
    setBusy(true)
    setError("")
    try {
      const me = await take(client.POST("/v1/session", { body: fields }))
      setCsrf(me.csrf)
      queries.setQueryData(ask.me().queryKey, me)
    } catch (problem) {
      setError(sentenceOf(problem))
    } finally {
      setBusy(false)
    }
  }
  const needed = [{ required: true, message: t("login.needed") }]
  return (
    <main className="login">
      <p className="mark big">
        <span lang="zh-CN">深耕</span> <small>Shengeng</small>
      </p>
      <p className="lead">{t("login.lead")}</p>
      <h1>{t("login.title")}</h1>
      {error && <Alert type="error" title={error} role="alert" />}
      <Form<Fields> layout="vertical" requiredMark={false} onFinish={(fields) => void signIn(fields)}>
        <Form.Item name="name" label={t("login.name")} rules={needed}>
          <Input autoComplete="username" autoFocus />
        </Form.Item>
        <Form.Item name="password" label={t("login.password")} rules={needed}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={busy}>
          {t("login.go")}
        </Button>
      </Form>
      <p className="soft small">{t("login.help")}</p>
      <Button type="text" size="small" lang={lang === "zh" ? "en" : "zh-CN"} onClick={() => setLang(lang === "zh" ? "en" : "zh")}>
        {t("top.language")}
      </Button>
    </main>
  )
}
