import { AutoComplete, Button, Drawer, Select } from "antd"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { useJobs } from "../../app/jobs"
import { client, take } from "../../lib/api"
import { holdKeys } from "../../lib/keys"

const zones: string[] = Intl.supportedValuesOf("timeZone")
const currencies: string[] = Intl.supportedValuesOf("currency")

/** The first action: bring your own orders. Honest about what can be read today and what cannot yet. */
export function ImportDrawer({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useTranslation("data")
  useEffect(() => (open ? holdKeys() : undefined), [open])
  return (
    <Drawer open={open} onClose={onClose} title={t("import")} size={560} destroyOnHidden>
      <p className="lead">{t("private")}</p>
      <p>
        <Link to="/data/exports">{t("exportsGo")}</Link>
      </p>
      <h3 className="gap">{t("uploadTitle")}</h3>
      <UploadForm onStarted={onClose} />
      <h3 className="gap">{t("formatTitle")}</h3>
      <p className="soft small">{t("format")}</p>
      <h3 className="gap">{t("cliTitle")}</h3>
      <pre className="log">shengeng import FOLDER --timezone Asia/Shanghai --currency CNY</pre>
    </Drawer>
  )
}

function UploadForm({ onStarted }: { onStarted(): void }) {
  const { t } = useTranslation(["data", "common"])
  const jobs = useJobs()
  const [files, setFiles] = useState<File[]>([])
  const [timezone, setTimezone] = useState("")
  const [currency, setCurrency] = useState<string | undefined>()
  const hasOrders = files.some((file) => /^orders\.(csv|parquet)$/i.test(file.name))
  const ready = hasOrders && timezone !== "" && currency !== undefined
  function send() {
    const form = new FormData()
    for (const file of files) form.append("files", file, file.name)
    form.append("timezone", timezone)
    form.append("currency", currency ?? "")
    jobs.start(() => take(client.POST("/v1/imports", { body: form as never, bodySerializer: (body) => body })))
    onStarted()
  }
  return (
    <div className="upload">
      <label className="filefield">
        <span>{t("files")}</span>
        <span className="drop">{files.length ? files.map((file) => file.name).join(", ") : t("choose")}</span>
        <input type="file" multiple accept=".csv,.parquet,.toml" onChange={(event) => setFiles([...(event.target.files ?? [])])} />
      </label>
      {files.length > 0 && !hasOrders && <p className="warn small">{t("noOrders")}</p>}
      <label>
        <span>{t("timezone")}</span>
        <AutoComplete
          aria-label={t("timezone")}
          value={timezone}
          onChange={setTimezone}
          placeholder="Asia/Shanghai"
          options={zones.filter((zone) => zone.toLowerCase().includes(timezone.toLowerCase())).slice(0, 40).map((value) => ({ value }))}
        />
      </label>
      <p className="soft small">{t("timezoneWhy")}</p>
      <label>
        <span>{t("currency")}</span>
        <Select
          aria-label={t("currency")}
          showSearch
          value={currency}
          onChange={setCurrency}
          placeholder="CNY"
          options={currencies.map((value) => ({ value, label: value }))}
        />
      </label>
      <Button type="primary" disabled={!ready || jobs.busy} onClick={send}>
        {t("start")}
      </Button>
      {!ready && <p className="soft small">{t("needs")}</p>}
    </div>
  )
}
