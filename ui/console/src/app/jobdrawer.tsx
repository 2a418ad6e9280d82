import { Button, Drawer, Progress } from "antd"
import { useEffect } from "react"
import { useTranslation } from "react-i18next"
import { client } from "../lib/api"
import { holdKeys } from "../lib/keys"
import { over, useJobWords, type JobDrawerProps } from "./jobs"

/** How far a job is, its log, and the way to stop it. */
export default function JobDrawer({ job, open, onClose }: JobDrawerProps) {
  const { t } = useTranslation("common")
  const { kindName, stepName } = useJobWords()
  useEffect(() => (open ? holdKeys() : undefined), [open])
  const status = job.state === "failed" ? "exception" : job.state === "succeeded" ? "success" : "active"
  const means = { succeeded: "job.doneMeans", failed: "job.failedMeans", cancelled: "job.cancelledMeans" } as const
  const ended = over(job) ? means[job.state as keyof typeof means] : null
  return (
    <Drawer open={open} onClose={onClose} title={kindName(job.kind)} size={400} mask={false}>
      <div className="job" aria-live="polite">
        <p className="jobstate">
          <strong>{t(`job.${job.state}`)}</strong>
          {job.step && !over(job) && <span className="soft"> {stepName(job.step)}</span>}
        </p>
        <Progress percent={Math.round(job.percent)} status={status} aria-label={kindName(job.kind)} />
        {job.error && (
          <p className="bad" role="alert">
            {job.error}
          </p>
        )}
        {ended && <p className="soft">{t(ended)}</p>}
        {!over(job) && <p className="soft">{t("job.background")}</p>}
        {!over(job) && (
          <Button size="small" onClick={() => void client.POST("/v1/jobs/{id}/cancel", { params: { path: { id: job.id } } })}>
            {t("job.cancel")}
          </Button>
        )}
        {job.log.length > 0 && (
          <>
            <h3>{t("job.log")}</h3>
            <pre className="log" tabIndex={0} aria-label={t("job.log")}>
              {job.log.join("\n")}
            </pre>
          </>
        )}
      </div>
    </Drawer>
  )
}
