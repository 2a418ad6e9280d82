import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Input } from "antd"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { components } from "../../api.gen"
import { atLeast, client, take } from "../../lib/api"
import { useFormats } from "../../lib/i18n"
import { useNotices } from "../../lib/notices"
import { ask } from "../../lib/queries"
import { Bones } from "../../parts/blank"
import { sentenceOf, Trouble } from "../../parts/trouble"
import "../../styles/identity.css"

type Card = components["schemas"]["IdentityCard"]
type Link = components["schemas"]["Link"]
type Verb = "cut" | "restore"
const shown = 8

const asked = (id: string) =>
  queryOptions({
    queryKey: ["/v1/identity/people/{customer_id}", id],
    queryFn: ({ signal }) => take(client.GET("/v1/identity/people/{customer_id}", { params: { path: { customer_id: id } }, signal })),
  })

const act = (verb: Verb, id: number, why: string) => {
  const call = { params: { path: { link_id: id } }, body: { why } }
  return take(verb === "cut" ? client.POST("/v1/identity/links/{link_id}/cut", call) : client.POST("/v1/identity/links/{link_id}/restore", call))
}

/** Who this customer is: every identifier, every link with its evidence, what was blocked and why. */
export function IdentityCard({ id }: { id: string }) {
  const { t } = useTranslation("identity")
  const found = useQuery(asked(id))
  const data = found.data
  return (
    <section className="sheet pad" aria-labelledby="identity">
      <h2 id="identity">{t("title")}</h2>
      {found.error ? <Trouble error={found.error} onRetry={() => void found.refetch()} /> : data ? <Body id={id} data={data} /> : <Bones rows={3} height={26} />}
    </section>
  )
}

function Body({ id, data }: { id: string; data: Card }) {
  const { t } = useTranslation("identity")
  const [all, setAll] = useState(false)
  if (!data.links.length) return <p className="lead">{t("alone")}</p>
  const rest = data.links.length - shown
  return (
    <>
      {data.person_id !== id && <p>{t("moved", { from: id, to: data.person_id })}</p>}
      <p className="lead">{t("lead", { count: data.identifiers.length })}</p>
      <dl className="facts">
        {data.identifiers.map((one) => (
          <div key={`${one.kind}:${one.value}`} className="contents">
            <dt>{t(`kind.${one.kind}`)}</dt>
            <dd>
              <Value kind={one.kind} value={one.value} />
            </dd>
          </div>
        ))}
      </dl>
      <h3>{t("links")}</h3>
      <ol className="links">
        {(all ? data.links : data.links.slice(0, shown)).map((link) => (
          <Row key={link.id} person={id} link={link} />
        ))}
      </ol>
      {rest > 0 && !all && (
        <Button size="small" onClick={() => setAll(true)}>
          {t("more", { count: rest })}
        </Button>
      )}
    </>
  )
}

/** A hash by its ends: the whole one stands in the tooltip. */
function Value({ kind, value }: { kind: Link["kind_a"]; value: string }) {
  const long = kind !== "customer" && value.length > 16
  return (
    <span className="num code" title={value}>
      {long ? `${value.slice(0, 6)}\u2026${value.slice(-4)}` : value}
    </span>
  )
}

function Row({ person, link }: { person: string; link: Link }) {
  const { t } = useTranslation("identity")
  const f = useFormats()
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const [open, setOpen] = useState(false)
  const verb: Verb = link.blocked === "cut" ? "restore" : "cut"
  return (
    <li>
      <p>
        <Named kind={link.kind_a} value={link.value_a} /> {t("and")} <Named kind={link.kind_b} value={link.value_b} /> <How link={link} />
      </p>
      <p className="small soft num">
        {f.moment(link.first_at)} {t("source", { source: link.sources.join(", ") })}
      </p>
      <p className={link.blocked ? "small held" : "small gain"}>{link.blocked ? t(`blocked.${link.blocked}`) : t("holds")}</p>
      {link.cut_by && link.cut_at && <p className="small soft">{t("cutBy", { who: link.cut_by, at: f.moment(link.cut_at), why: link.cut_why ?? "" })}</p>}
      {atLeast(me?.role, "operator") &&
        (open ? (
          <Asking person={person} link={link} verb={verb} onClose={() => setOpen(false)} />
        ) : (
          <Button size="small" onClick={() => setOpen(true)}>
            {t(verb)}
          </Button>
        ))}
    </li>
  )
}

function Named({ kind, value }: { kind: Link["kind_a"]; value: string }) {
  const { t } = useTranslation("identity")
  return (
    <>
      {t(`kind.${kind}`)} <Value kind={kind} value={value} />
    </>
  )
}

function How({ link }: { link: Link }) {
  const { t } = useTranslation("identity")
  const { order_id, rows } = link.evidence
  return <>{order_id ? t("seen.order", { order: order_id }) : rows ? t("seen.import", { rows }) : t("seen.event")}</>
}

/** The reason first, then the deed; a toast takes it back. */
function Asking({ person, link, verb, onClose }: { person: string; link: Link; verb: Verb; onClose(): void }) {
  const { t } = useTranslation("identity")
  const { notification } = useNotices()
  const queries = useQueryClient()
  const [why, setWhy] = useState("")
  const fresh = () => Promise.all([["/v1/identity/people/{customer_id}"], ["/v1/customers/{customer_id}", person]].map((queryKey) => queries.invalidateQueries({ queryKey })))
  const failed = (problem: unknown) => notification.error({ title: sentenceOf(problem), duration: 8 })
  const back = useMutation({ mutationFn: () => act(verb === "cut" ? "restore" : "cut", link.id, t("undone")), onSuccess: fresh, onError: failed })
  const done = useMutation({
    mutationFn: () => act(verb, link.id, why),
    onSuccess: ({ people }) => {
      const key = `link-${link.id}`
      const undo = () => {
        notification.destroy(key)
        back.mutate()
      }
      notification.open({ key, title: t(`${verb}Done`, { count: people.length }), duration: 10, actions: <Button size="small" onClick={undo}>{t("undo")}</Button> })
      onClose()
      void fresh()
    },
    onError: failed,
  })
  return (
    <form
      className="asking"
      onSubmit={(event) => {
        event.preventDefault()
        if (why.trim()) done.mutate()
      }}
    >
      <label className="small" htmlFor={`why-${link.id}`}>
        {t("why")}
      </label>
      <Input id={`why-${link.id}`} autoFocus maxLength={300} placeholder={t("whyHint")} value={why} onChange={(event) => setWhy(event.target.value)} />
      <div className="row">
        <Button size="small" htmlType="submit" type="primary" disabled={!why.trim()} loading={done.isPending}>
          {t(verb === "cut" ? "confirmCut" : "confirmRestore")}
        </Button>
        <Button size="small" onClick={onClose}>
          {t("cancel")}
        </Button>
      </div>
    </form>
  )
}
