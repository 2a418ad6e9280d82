import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Button, Input, Modal } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { atLeast, client, take } from "../../../lib/api"
import { useNotices } from "../../../lib/notices"
import type { Me } from "../../../lib/shapes"
import { sentenceOf } from "../../../parts/trouble"
import type { Member } from "./asks"

/** What approvers do for a member: a new password, an account closed or opened again. */
export function Acts({ member, me }: { member: Member; me: Me | undefined }) {
  const { t } = useTranslation(["members", "common"])
  const { notification } = useNotices()
  const queries = useQueryClient()
  const [asking, setAsking] = useState<"password" | "close" | null>(null)
  const [why, setWhy] = useState("")
  const [secret, setSecret] = useState("")
  const path = { params: { path: { member_id: member.member_id } } }
  const renew = () => {
    setAsking(null)
    void queries.invalidateQueries({ queryKey: ["/v1/trade/members/{id}", member.member_id] })
    void queries.invalidateQueries({ queryKey: ["/v1/trade/members"] })
  }
  const onError = (problem: unknown) => void notification.error({ title: sentenceOf(problem), duration: 8 })
  const password = useMutation({
    mutationFn: () => take(client.POST("/v1/trade/members/{member_id}/password", path)),
    onSuccess: (made) => {
      setSecret(made.password)
      renew()
    },
    onError,
  })
  const close = useMutation({ mutationFn: () => take(client.POST("/v1/trade/members/{member_id}/close", { ...path, body: { why } })), onSuccess: renew, onError })
  const reopen = useMutation({ mutationFn: () => take(client.POST("/v1/trade/members/{member_id}/reopen", path)), onSuccess: renew, onError })
  if (!atLeast(me?.role, "approver")) return null
  return (
    <div className="row memberacts">
      {member.closed_at ? (
        <Button loading={reopen.isPending} onClick={() => reopen.mutate()}>
          {t("reopen")}
        </Button>
      ) : (
        <>
          <Button onClick={() => setAsking("password")}>{t("password.give")}</Button>
          <Button onClick={() => setAsking("close")}>{t("close.title")}</Button>
        </>
      )}
      <Modal open={asking === "password"} title={t("password.sure")} okText={t("password.give")} okButtonProps={{ loading: password.isPending }} onOk={() => password.mutate()} onCancel={() => setAsking(null)} width={440}>
        <p>{t("password.means")}</p>
      </Modal>
      <Modal open={asking === "close"} title={t("close.sure")} okText={t("close.title")} okButtonProps={{ danger: true, loading: close.isPending, disabled: !why.trim() }} onOk={() => close.mutate()} onCancel={() => setAsking(null)} width={440}>
        <p>{t("close.means")}</p>
        <Input.TextArea rows={2} maxLength={500} value={why} onChange={(event) => setWhy(event.target.value)} aria-label={t("why")} placeholder={t("why")} />
      </Modal>
      <Modal open={!!secret} onCancel={() => setSecret("")} title={t("password.new")} footer={<Button onClick={() => setSecret("")}>{t("common:act.close")}</Button>} width={440} mask={{ closable: false }}>
        <p className="soft">{t("password.once")}</p>
        <p className="secret">
          <code>{secret}</code>
        </p>
      </Modal>
    </div>
  )
}
