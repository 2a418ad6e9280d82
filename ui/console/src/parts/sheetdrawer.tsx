import { useMutation } from "@tanstack/react-query"
import { Button, Drawer } from "antd"
import { useEffect, useState, type ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { Refused } from "../lib/api"
import { holdKeys } from "../lib/keys"
import { useNotices } from "../lib/notices"
import { Bones } from "./blank"
import { Table, type Column } from "./table"
import { sentenceOf } from "./trouble"
import "../styles/sheets.css"

type Wrong = { row: number; column: string; name: string; value: string; must: string }
export type Looked = { faults: number; wrong: Wrong[]; more: boolean; unknown: string[]; encoding: string; seen: string }

/** A file as the raw body of a request, not as JSON. */
export const raw = { bodySerializer: (file: unknown) => file as BodyInit, headers: { "content-type": "text/csv" } }

type Props<L extends Looked> = {
  open: boolean
  title: string
  /** What the file is and where an example of it comes from. */
  lead: ReactNode
  look(file: File): Promise<L>
  bring(file: File, seen: string): Promise<L>
  /** How many things would be done; none: there is nothing to bring. */
  doing(look: L): number
  act(look: L): string
  done(look: L): string
  /** The figures of a look, and its rows. */
  children(look: L): ReactNode
  onDone(): void
  onClose(): void
}

/** A file that changes the shop: chosen, looked at row by row, then done as a whole or not at all. */
export function SheetDrawer<L extends Looked>(props: Props<L>) {
  const { open, title, lead, look, bring, doing, act, done, children, onDone, onClose } = props
  const { t } = useTranslation("sheets")
  const { message, notification } = useNotices()
  const [file, setFile] = useState<File | null>(null)
  const looked = useMutation({ mutationFn: look })
  const brought = useMutation({
    mutationFn: ({ chosen, seen }: { chosen: File; seen: string }) => bring(chosen, seen),
    onSuccess: (found) => {
      void message.success(done(found))
      onDone()
      close()
    },
    onError: (problem, { chosen }) => {
      void notification.error({ title: sentenceOf(problem), duration: 8 })
      if (problem instanceof Refused && problem.code === "changed_meanwhile") looked.mutate(chosen)
    },
  })
  useEffect(() => (open ? holdKeys() : undefined), [open])
  function close() {
    setFile(null)
    looked.reset()
    onClose()
  }
  function choose(chosen: File | undefined) {
    if (!chosen) return
    setFile(chosen)
    looked.mutate(chosen)
  }
  const found = looked.data
  const ready = found !== undefined && found.faults === 0 && doing(found) > 0
  const button = ready && file && (
    <Button type="primary" loading={brought.isPending} onClick={() => brought.mutate({ chosen: file, seen: found.seen })}>
      {act(found)}
    </Button>
  )
  return (
    <Drawer open={open} onClose={close} title={title} size={780} destroyOnHidden footer={button || null}>
      <div className="drawerbody sheetdrawer">
        <div>{lead}</div>
        <p className="soft small">{t("seenFirst")}</p>
        <label className="filefield">
          <span className="sr">{t("file")}</span>
          <span className="drop">{file ? `${file.name} · ${t("another")}` : t("choose")}</span>
          <input type="file" accept=".csv,.txt,.tsv,text/csv" onChange={(event) => { choose(event.target.files?.[0]); event.target.value = "" }} />
        </label>
        {looked.isPending && <Bones rows={6} />}
        {looked.error && (
          <p className="warn" role="alert">
            {sentenceOf(looked.error)}
          </p>
        )}
        {found && !looked.isPending && (
          <section aria-live="polite" className="sheetlook">
            <Faults found={found} />
            {children(found)}
            {found.faults === 0 && doing(found) === 0 && <p className="notice">{t("nothing")}</p>}
            {found.more && <p className="soft small">{t("more")}</p>}
            {found.unknown.length > 0 && <p className="soft small">{t("unknown", { names: found.unknown.join(", ") })}</p>}
            {found.encoding !== "utf-8" && <p className="soft small">{t("encoding", { encoding: found.encoding.toUpperCase() })}</p>}
          </section>
        )}
      </div>
    </Drawer>
  )
}

function Faults({ found }: { found: Looked }) {
  const { t } = useTranslation("sheets")
  if (found.faults === 0) return null
  const columns: Column<Wrong>[] = [
    { key: "row", title: t("row"), right: true, show: (one) => one.row },
    { key: "column", title: t("column"), wrap: true, show: (one) => one.name },
    { key: "value", title: t("value"), wrap: true, show: (one) => (one.value ? <span className="cell">{one.value}</span> : <span className="soft">{t("blank")}</span>) },
    { key: "must", title: t("must"), wrap: true, show: (one) => one.must },
  ]
  return (
    <>
      <p className="warn" role="alert">
        {t("faults", { count: found.faults })}
      </p>
      <div className="sheet">
        <Table label={t("faults", { count: found.faults })} columns={columns} rows={found.wrong} rowKey={(one) => `${one.row} ${one.column}`} empty={null} />
      </div>
    </>
  )
}

/** The figures of a look, in one line. */
export function Figures({ of }: { of: { label: string; value: string; loud?: boolean }[] }) {
  return (
    <dl className="figures num">
      {of.map((one) => (
        <div key={one.label}>
          <dt>{one.label}</dt>
          <dd className={one.loud ? "loud" : ""}>{one.value}</dd>
        </div>
      ))}
    </dl>
  )
}
