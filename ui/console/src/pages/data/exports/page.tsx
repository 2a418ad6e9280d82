import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button } from "antd"
import { useState, type DragEvent, type ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { useJobs } from "../../../app/jobs"
import { client, take } from "../../../lib/api"
import { ask } from "../../../lib/queries"
import type { ExportChoice, ExportLook, ExportPreview } from "../../../lib/shapes"
import { useUrl } from "../../../lib/url"
import { Bones } from "../../../parts/blank"
import { Trouble } from "../../../parts/trouble"
import { Done } from "./done"
import { FileCard } from "./file"
import { Problems, Summary } from "./found"

const lookKey = (look: ExportLook) => ["/v1/exports/look", look]

/** Files in, a look at what they are, corrections by hand, the import, and what came of it. */
export default function ExportsPage() {
  const { t } = useTranslation(["exports", "data"])
  const queries = useQueryClient()
  const jobs = useJobs()
  const [url, setUrl] = useUrl({ upload: "" })
  const [files, setFiles] = useState<Record<string, ExportChoice>>({})
  const [timezone, setTimezone] = useState<string | null>(null)
  const [currency, setCurrency] = useState<string | null>(null)
  const look: ExportLook = { upload: url.upload, files, timezone, currency }
  const seen = useQuery({
    queryKey: lookKey(look),
    queryFn: ({ signal }) => take(client.POST("/v1/exports/look", { body: look, signal })),
    enabled: url.upload !== "",
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  })
  const outcome = useQuery({ ...ask.exportOutcome(url.upload), enabled: url.upload !== "" })
  const send = useMutation({
    mutationFn: (given: File[]) => {
      const form = new FormData()
      for (const file of given) form.append("files", file, file.name)
      return take(client.POST("/v1/exports/preview", { body: form as never, bodySerializer: (body) => body }))
    },
    onSuccess: (preview: ExportPreview) => {
      setFiles({})
      queries.setQueryData(lookKey({ upload: preview.upload, files: {}, timezone, currency }), preview)
      setUrl({ upload: preview.upload })
    },
  })
  const choose = (name: string, patch: Partial<ExportChoice>) =>
    setFiles((old) => ({ ...old, [name]: { columns: {}, ...old[name], ...patch } }))
  const preview = url.upload && !send.isPending ? seen.data : undefined
  const failed = send.error ?? (url.upload ? seen.error : null)
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/data">{t("data:title")}</Link>
      </p>
      <div className="head">
        <div>
          <h1>{t("title")}</h1>
          <p className="lead">{t("lead")}</p>
        </div>
      </div>
      <div className="stack">
        {outcome.data && <Done outcome={outcome.data} />}
        <Drop small={!!preview} busy={send.isPending} onFiles={(given) => send.mutate(given)} />
        {failed && <Trouble error={failed} />}
        {(send.isPending || (url.upload && !preview && !failed)) && (
          <section className="sheet pad" aria-live="polite">
            <p className="soft">{t("reading")}</p>
            <Bones rows={4} />
          </section>
        )}
        {preview && !failed && (
          <Folded folded={!!outcome.data} label={t("lookAgain")}>
            <Summary preview={preview} onTimezone={setTimezone} onCurrency={setCurrency}>
              <Button
                type="primary"
                disabled={!preview.ready || jobs.busy || seen.isFetching}
                onClick={() => jobs.start(() => take(client.POST("/v1/exports/import", { body: look })))}
              >
                {preview.orders ? t("go", { count: preview.orders }) : t("goNone")}
              </Button>
              {!preview.ready && <span className="soft small">{t("wait")}</span>}
              {preview.ready && jobs.busy && <span className="soft small">{t("busy")}</span>}
            </Summary>
            <Problems preview={preview} choices={files} onChoose={choose} />
            {preview.files.map((file) => (
              <FileCard key={file.name} file={file} choice={files[file.name]} onChoose={(patch) => choose(file.name, patch)} />
            ))}
          </Folded>
        )}
      </div>
    </div>
  )
}

/** What led to an import stays at hand behind one line. */
function Folded({ folded, label, children }: { folded: boolean; label: string; children: ReactNode }) {
  if (!folded) return <>{children}</>
  return (
    <details className="sample">
      <summary>{label}</summary>
      <div className="stack">{children}</div>
    </details>
  )
}

function Drop({ small, busy, onFiles }: { small: boolean; busy: boolean; onFiles(files: File[]): void }) {
  const { t } = useTranslation("exports")
  const [over, setOver] = useState(false)
  const take = (list: FileList | null) => {
    if (list?.length && !busy) onFiles([...list])
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer.files)
  }
  return (
    <section className="sheet pad upload">
      <label
        className="filefield"
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <span className="drop">{small ? t("again") : t("drop")}</span>
        <input
          type="file"
          multiple
          accept=".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.json"
          onChange={(event) => {
            take(event.target.files)
            event.target.value = ""
          }}
        />
      </label>
      {!small && <p className="soft small">{t("known")}</p>}
    </section>
  )
}
