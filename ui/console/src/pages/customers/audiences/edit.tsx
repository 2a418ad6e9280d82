import { useMutation, useQuery } from "@tanstack/react-query"
import { Button, Input, Modal } from "antd"
import { useMemo, useState } from "react"
import { useTranslation } from "react-i18next"
import { Link, useNavigate, useParams } from "react-router"
import { atLeast, Refused } from "../../../lib/api"
import { useNotices } from "../../../lib/notices"
import { ask, queries } from "../../../lib/queries"
import { useUrl } from "../../../lib/url"
import { Bones } from "../../../parts/blank"
import { Segments } from "../../../parts/choice"
import { Trouble } from "../../../parts/trouble"
import { useFormats } from "../../../lib/i18n"
import "../../../styles/audiences.css"
import { asks, definitionOf, writes, type Row } from "./asks"
import { forget, useDraft, useHeld, useUndoKeys, type Draft } from "./draft"
import { EvidenceDrawer } from "./evidence"
import { BuildingContext, NodeCard, type Building } from "./group"
import { JsonCard } from "./json"
import { change, rooted, shift, type Definition } from "./language"
import { PreviewCard, usePreview } from "./preview"
import { ConflictDialog, SaveDialog } from "./save"

const blank: Draft = { name: "", note: "", definition: { version: 1, where: { op: "and", of: [] } } }
const withRoot = (definition: Definition): Definition => {
  const { where } = definition
  return where.op === "not" && where.of.op === "or" ? definition : { version: 1, where: rooted(where) }
}
const draftOf = (row: Row): Draft => ({ name: row.name, note: row.note, definition: withRoot(definitionOf(row)) })

/** A new audience, from a template or from nothing, or the next version of one. */
export default function EditAudiencePage() {
  const { i18n } = useTranslation(["audiences", "common"])
  const { id } = useParams()
  const [{ template }] = useUrl({ template: "" })
  const found = useQuery({ ...asks.one(id ?? ""), enabled: !!id })
  const templates = useQuery({ ...asks.templates(), enabled: !id && !!template })
  const chosen = templates.data?.rows.find((one) => one.key === template)
  const first = useMemo(() => chosen && { name: i18n.language === "zh" ? chosen.name_zh : chosen.name_en, note: "", definition: withRoot(definitionOf(chosen)) }, [chosen])
  if (found.error) return <Apart><Trouble error={found.error} onRetry={() => void found.refetch()} /></Apart>
  if ((id && !found.data) || (template && templates.isPending)) return <Apart><section className="sheet"><Bones rows={8} height={52} /></section></Apart>
  return <Editor key={id ?? "new"} row={found.data} first={first} />
}

function Apart({ children }: { children: React.ReactNode }) {
  const { t } = useTranslation("audiences")
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/customers/audiences">{t("back")}</Link>
      </p>
      {children}
    </div>
  )
}

function Editor({ row, first }: { row: Row | undefined; first: Draft | undefined }) {
  const { t } = useTranslation(["audiences", "common"])
  const [url, setUrl] = useUrl({ as: "builder", person: "" })
  const shop = useQuery(ask.shop()).data
  const start = useMemo(() => (row ? draftOf(row) : blank), [row])
  const key = row?.id ?? "new"
  const draft = useDraft(key, start, row?.version ?? null, first)
  const { now, edit } = draft
  const preview = usePreview(now.definition)
  useUndoKeys(draft.undo, draft.redo)
  const building = useMemo<Building>(
    () => ({
      counts: preview.data?.per_node,
      wrong: preview.wrong,
      today: shop?.today ?? shop?.as_of ?? "",
      busy: preview.busy,
      onChange: (path, make) => edit((old) => ({ ...old, definition: withRoot({ version: 1, where: change(old.definition.where, path, make) }) }), path),
      onShift: (path, by) => edit((old) => ({ ...old, definition: { version: 1, where: shift(old.definition.where, path, by) } })),
    }),
    [preview.data, preview.wrong, preview.busy, shop, edit],
  )
  const json = url.as === "json"
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/customers/audiences">{t("back")}</Link>
        {row && (
          <>
            {" / "}
            <Link to={`/customers/audiences/${row.id}`}>{row.name}</Link>
          </>
        )}
      </p>
      <div className="head">
        <h1>{row ? t("editing", { name: row.name }) : t("new")}</h1>
        <Segments label={t("viewAs")} value={json ? "json" : "builder"} options={[{ value: "builder", label: t("builder") }, { value: "json", label: t("json") }]} onChange={(as) => setUrl({ as }, true)} />
      </div>
      <Naming now={now} onEdit={edit} />
      <div className="two building">
        <BuildingContext value={building}>
          {json ? (
            <JsonCard definition={now.definition} wrong={preview.wrong} onChange={(definition) => edit((old) => ({ ...old, definition: withRoot(definition) }), "json")} />
          ) : (
            <section className="sheet pad" aria-labelledby="conditions">
              <h2 id="conditions">{t("conditions")}</h2>
              <NodeCard node={now.definition.where} path="where" at={0} of={1} />
            </section>
          )}
        </BuildingContext>
        <PreviewCard preview={preview} definition={now.definition} onWhy={(person) => setUrl({ person })} />
      </div>
      <Actions row={row} start={start} draft={draft} count={preview.data?.count} busy={preview.busy || !!preview.error || preview.empty} />
      <EvidenceDrawer person={url.person} definition={now.definition} asked={asks.explained(now.definition, url.person)} onClose={() => setUrl({ person: "" })} />
    </div>
  )
}

type Edit = ReturnType<typeof useDraft>["edit"]

function Naming({ now, onEdit }: { now: Draft; onEdit: Edit }) {
  const { t } = useTranslation("audiences")
  return (
    <div className="naming">
      <label>
        <span>{t("name")}</span>
        <Input value={now.name} maxLength={80} placeholder={t("namePlaceholder")} onChange={(event) => onEdit((old) => ({ ...old, name: event.target.value }), "name")} />
      </label>
      <label>
        <span>{t("note")}</span>
        <Input value={now.note} maxLength={2000} placeholder={t("notePlaceholder")} onChange={(event) => onEdit((old) => ({ ...old, note: event.target.value }), "note")} />
      </label>
    </div>
  )
}

type ActionProps = { row: Row | undefined; start: Draft; draft: ReturnType<typeof useDraft>; count: number | undefined; busy: boolean }

/** Steps back and forward, what stands unsaved, and saving it; the count stays in sight on a phone. */
function Actions({ row, start, draft, count, busy }: ActionProps) {
  const { t } = useTranslation(["audiences", "common"])
  const f = useFormats()
  const go = useNavigate()
  const { message } = useNotices()
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const [open, setOpen] = useState(false)
  const [theirs, setTheirs] = useState<Row | null>(null)
  const { now, dirty, version, undo, redo, restart } = draft
  const { blocker, free } = useHeld(dirty)
  const key = row?.id ?? "new"
  const save = useMutation({
    mutationFn: (from: number | null) => (row && from !== null ? writes.edit(row.id, from, now) : writes.create(now)),
    onSuccess: (saved) => {
      free.current = true
      forget(key)
      queries.setQueryData(asks.one(saved.id).queryKey, saved)
      void queries.invalidateQueries({ queryKey: ["/v1/audiences"] })
      void message.success(row ? t("saved", { name: saved.name, version: saved.version }) : t("created", { name: saved.name }))
      void go(`/customers/audiences/${saved.id}`)
    },
    onError: async (problem) => {
      if (!row || !(problem instanceof Refused) || problem.code !== "audience_changed") return
      setOpen(false)
      setTheirs(await queries.fetchQuery({ ...asks.one(row.id), staleTime: 0 }))
    },
  })
  const leave = () => {
    free.current = true
    forget(key)
    blocker.proceed?.()
  }
  const takeTheirs = () => {
    if (!theirs) return
    restart(draftOf(theirs), theirs.version)
    setTheirs(null)
  }
  const may = atLeast(me?.role, "operator")
  return (
    <div className="savebar" role="group" aria-label={t("save")}>
      <Button size="small" disabled={!draft.canUndo} onClick={undo} aria-keyshortcuts="Control+Z">
        {t("undo")}
      </Button>
      <Button size="small" disabled={!draft.canRedo} onClick={redo} aria-keyshortcuts="Control+Shift+Z">
        {t("redo")}
      </Button>
      <span className="soft small nophone">{t(dirty ? "unsaved" : "noChanges")}</span>
      <span className="num barcount">{count === undefined ? "" : f.whole(count)}</span>
      {dirty && (
        <Button size="small" type="text" onClick={() => restart(start, row?.version ?? null)}>
          {t("discard")}
        </Button>
      )}
      {may ? (
        <Button type="primary" disabled={!dirty || busy || !now.name.trim()} title={now.name.trim() ? undefined : t("needName")} onClick={() => setOpen(true)}>
          {t(row ? "save" : "saveNew")}
        </Button>
      ) : (
        <span className="soft small">{t("noWriteHere")}</span>
      )}
      {open && <SaveDialog row={row} start={start} now={now} saving={save.isPending} error={save.error} onSave={() => save.mutate(version)} onClose={() => setOpen(false)} />}
      {theirs && (
        <ConflictDialog mine={now} began={version ?? 0} theirs={theirs} saving={save.isPending} onMine={() => save.mutate(theirs.version)} onTheirs={takeTheirs} onClose={() => setTheirs(null)} />
      )}
      {blocker.state === "blocked" && <LeaveDialog onStay={() => blocker.reset()} onLeave={leave} />}
    </div>
  )
}

function LeaveDialog({ onStay, onLeave }: { onStay(): void; onLeave(): void }) {
  const { t } = useTranslation("audiences")
  return (
    <Modal open onCancel={onStay} footer={null} title={t("leaveTitle")} width={420} transitionName="" maskTransitionName="">
      <p>{t("leaveWhat")}</p>
      <div className="row says2">
        <Button type="primary" autoFocus onClick={onStay}>
          {t("stay")}
        </Button>
        <Button danger onClick={onLeave}>
          {t("leave")}
        </Button>
      </div>
    </Modal>
  )
}
