import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Drawer } from "antd"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { atLeast, client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { holdKeys } from "../../../lib/keys"
import { ask } from "../../../lib/queries"
import { sentenceOf } from "../../../parts/trouble"

/** Bring spend: what the file looks like, what came of it, and every row that was not taken. */
export function SpendDrawer({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useTranslation("economics")
  const f = useFormats()
  const queries = useQueryClient()
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const [file, setFile] = useState<File | null>(null)
  useEffect(() => (open ? holdKeys() : undefined), [open])
  const send = useMutation({
    mutationFn: (chosen: File) => {
      const form = new FormData()
      form.append("file", chosen, chosen.name)
      return take(client.POST("/v1/economics/spend", { body: form as never, bodySerializer: (body) => body }))
    },
    onSuccess: () => {
      for (const path of ["/v1/economics", "/v1/economics/payback"]) void queries.invalidateQueries({ queryKey: [path] })
    },
  })
  const done = send.data
  const may = atLeast(me?.role, "operator")
  return (
    <Drawer open={open} onClose={onClose} title={t("bring")} size={560} destroyOnHidden>
      <p className="lead">{t("bringLead")}</p>
      <p className="soft small">{t("bringFormat")}</p>
      <p>
        <a href="/v1/economics/spend/template" download="spend.csv">
          {t("template")}
        </a>
      </p>
      <div className="upload">
        <label className="filefield">
          <span>{t("file")}</span>
          <span className="drop">{file ? file.name : t("choose")}</span>
          <input type="file" accept=".csv" disabled={!may} onChange={(event) => setFile(event.target.files?.[0] ?? null)} />
        </label>
        <Button type="primary" disabled={!file || !may} loading={send.isPending} onClick={() => file && send.mutate(file)}>
          {t("send")}
        </Button>
        {!may && <p className="soft small">{t("bringRole")}</p>}
      </div>
      {send.error && (
        <p className="warn" role="alert">
          {sentenceOf(send.error)}
        </p>
      )}
      {done && (
        <section className="deciding" role="status">
          <strong>{t("brought", { count: done.rows, added: f.whole(done.added), changed: f.whole(done.changed), unchanged: f.whole(done.unchanged) })}</strong>
          {done.rejected > 0 && (
            <>
              <p className="warn">{t("rejected", { count: done.rejected })}</p>
              <ul className="plainbullets small num">
                {done.rejects.slice(0, 20).map((row) => (
                  <li key={row.row}>{t("rejectRow", { row: row.row, column: row.column, value: row.value, reason: row.reason })}</li>
                ))}
              </ul>
            </>
          )}
        </section>
      )}
    </Drawer>
  )
}
