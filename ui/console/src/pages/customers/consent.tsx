import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Input, Modal } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { components } from "../../api.gen"
import { atLeast, client, take } from "../../lib/api"
import { useFormats } from "../../lib/i18n"
import { useNotices } from "../../lib/notices"
import { ask } from "../../lib/queries"
import { sentenceOf, Trouble } from "../../parts/trouble"

type Standing = components["schemas"]["ConsentStanding"]
type Purpose = Standing["purpose"]
type Saying = { purpose: Purpose; granted: boolean }

/** What this person allows, purpose by purpose, and where a channel differs. */
export function ConsentCard({ id }: { id: string }) {
  const { t } = useTranslation(["privacy", "common"])
  const f = useFormats()
  const [saying, setSaying] = useState<Saying | null>(null)
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const found = useQuery({
    queryKey: ["/v1/consents", id],
    queryFn: ({ signal }) => take(client.GET("/v1/consents", { params: { query: { id: [id] } }, signal })),
  })
  if (found.error) return <Trouble error={found.error} onRetry={() => void found.refetch()} />
  const standings = found.data?.standings ?? []
  const whole = standings.filter((one) => one.channel === "any")
  const others = standings.filter((one) => one.channel !== "any" && one.allowed !== whole.find((all) => all.purpose === one.purpose)?.allowed)
  return (
    <section className="sheet pad" aria-label={t("card.title")}>
      <h2>{t("card.title")}</h2>
      <dl className="facts">
        {whole.map((one) => (
          <div className="contents" key={one.purpose}>
            <dt>{t(`purpose.${one.purpose}`)}</dt>
            <dd>
              <Word of={one} />{" "}
              {one.since && <span className="soft small">{t("card.since", { day: f.day(one.since.slice(0, 10)) })}</span>}{" "}
              {atLeast(me?.role, "operator") && (
                <Button
                  size="small"
                  type="text"
                  aria-label={t("common:act.for", { verb: t(saysNo(one) ? "card.grant" : "card.withdraw"), title: t(`purpose.${one.purpose}`) })}
                  onClick={() => setSaying({ purpose: one.purpose, granted: saysNo(one) })}
                >
                  {t(saysNo(one) ? "card.grant" : "card.withdraw")}
                </Button>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {others.length > 0 && (
        <p className="small">
          <b>{t("card.more")}</b> {others.map((one) => `${t(`purpose.${one.purpose}`)}, ${t(`channel.${one.channel}`)}: ${t(one.allowed ? "card.yes" : "card.no")}`).join(" · ")}
        </p>
      )}
      {saying && <Say id={id} saying={saying} onClose={() => setSaying(null)} />}
    </section>
  )
}

const saysNo = (one: Standing) => one.because === "said" && !one.allowed

function Word({ of: one }: { of: Standing }) {
  const { t } = useTranslation("privacy")
  if (one.because === "unknown") return <span className="soft">{t(one.allowed ? "card.unknownYes" : "card.unknownNo")}</span>
  return <span className={one.allowed ? "" : "bad"}>{t(one.allowed ? "card.yes" : "card.no")}</span>
}

function Say({ id, saying, onClose }: { id: string; saying: Saying; onClose(): void }) {
  const { t } = useTranslation("privacy")
  const { notification } = useNotices()
  const queries = useQueryClient()
  const [shown, setShown] = useState("")
  const say = useMutation({
    mutationFn: () => take(client.POST("/v1/consents", { body: { person_id: id, channel: "any", source: "console", text_version: "", shown, ...saying } })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["/v1/consents", id] })
      onClose()
    },
    onError: (problem) => notification.error({ title: sentenceOf(problem), duration: 8 }),
  })
  const purpose = t(`purpose.${saying.purpose}`)
  return (
    <Modal open title={t(saying.granted ? "card.sureGrant" : "card.sureWithdraw", { purpose })} okText={t("card.save")} okButtonProps={{ loading: say.isPending }} onOk={() => say.mutate()} onCancel={onClose} width={440}>
      <Input.TextArea rows={3} maxLength={2000} value={shown} onChange={(event) => setShown(event.target.value)} aria-label={t("card.proof")} placeholder={t("card.proof")} />
    </Modal>
  )
}
