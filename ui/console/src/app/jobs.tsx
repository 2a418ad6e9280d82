import { useMutation, useQueryClient } from "@tanstack/react-query"
import { App, Button, Drawer, Progress } from "antd"
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react"
import { useTranslation } from "react-i18next"
import type { Job } from "../lib/shapes"
import { client, take } from "../lib/api"
import { holdKeys } from "../lib/keys"
import { sentenceOf } from "../parts/trouble"

interface Jobs {
  /** Starts a job by its own call and opens the drawer on it. */
  start(call: () => Promise<Job>): void
  replay(days: number): void
  watch(id: number): void
  busy: boolean
}

const JobsContext = createContext<Jobs>({ start: () => undefined, replay: () => undefined, watch: () => undefined, busy: false })
export const useJobs = () => useContext(JobsContext)

const over = (job: Job) => job.state !== "waiting" && job.state !== "running"

/** Follows a job by server-sent events; when the stream breaks, the browser reconnects by itself. */
function useJob(id: number | null, first: Job | null): Job | null {
  const [job, setJob] = useState(first)
  const queries = useQueryClient()
  useEffect(() => setJob(first), [first])
  useEffect(() => {
    if (id === null) return
    const source = new EventSource(`/v1/jobs/${id}/events`)
    source.addEventListener("progress", (event) => {
      const now = JSON.parse((event as MessageEvent<string>).data) as Job
      setJob(now)
      if (over(now)) {
        source.close()
        void queries.invalidateQueries()
      }
    })
    return () => source.close()
  }, [id, queries])
  return job
}

export function JobsProvider({ children }: { children: ReactNode }) {
  const { notification } = App.useApp()
  const [open, setOpen] = useState(false)
  const [started, setStarted] = useState<Job | null>(null)
  const [id, setId] = useState<number | null>(null)
  const job = useJob(id, started)
  const begin = useMutation({
    mutationFn: (call: () => Promise<Job>) => call(),
    onSuccess: (fresh) => {
      setStarted(fresh)
      setId(fresh.id)
      setOpen(true)
    },
    onError: (error) => notification.error({ title: sentenceOf(error), duration: 8 }),
  })
  const start = useCallback((call: () => Promise<Job>) => begin.mutate(call), [begin.mutate])
  const busy = begin.isPending || (!!job && !over(job))
  const jobs = useMemo<Jobs>(
    () => ({
      start,
      busy,
      replay: (days) => start(() => take(client.POST("/v1/replay", { body: { days } }))),
      watch: (known) => start(() => take(client.GET("/v1/jobs/{id}", { params: { path: { id: known } } }))),
    }),
    [start, busy],
  )
  return (
    <JobsContext value={jobs}>
      {children}
      <JobDrawer job={job} open={open} onClose={() => setOpen(false)} />
    </JobsContext>
  )
}

const kinds = ["replay", "cycle", "import"] as const

export function useJobWords() {
  const { t } = useTranslation("common")
  const kindName = (kind: string) => {
    const known = kinds.find((name) => kind.includes(name))
    return known ? t(`job.${known}`) : t("job.other", { kind })
  }
  const stepName = (step: string) => {
    const last = step.split(".").at(-1) ?? ""
    const known = steps.find((name) => name === last)
    return known ? t(`step.${known}`) : t("step.other", { step })
  }
  return { kindName, stepName }
}

const steps = [
  "reveal", "features", "people", "value", "affinity", "demand", "settle", "propose",
  "plays", "expire", "scorecard", "promotions", "read", "check", "write", "done",
] as const

function JobDrawer({ job, open, onClose }: { job: Job | null; open: boolean; onClose(): void }) {
  const { t } = useTranslation("common")
  const { kindName, stepName } = useJobWords()
  useEffect(() => (open ? holdKeys() : undefined), [open])
  if (!job) return null
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
