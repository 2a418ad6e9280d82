import { useMutation, useQueryClient } from "@tanstack/react-query"
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ComponentType, type ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { useNotices } from "../lib/notices"
import type { Job } from "../lib/shapes"
import { client, take } from "../lib/api"
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

export const over = (job: Job) => job.state !== "waiting" && job.state !== "running"

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

export type JobDrawerProps = { job: Job; open: boolean; onClose(): void }

/** The drawer's code comes with the first job, not with the first page. */
function useDrawer(wanted: boolean) {
  const [Drawer, setDrawer] = useState<ComponentType<JobDrawerProps> | null>(null)
  useEffect(() => {
    if (wanted) void import("./jobdrawer").then((module) => setDrawer(() => module.default))
  }, [wanted])
  return Drawer
}

export function JobsProvider({ children }: { children: ReactNode }) {
  const { notification } = useNotices()
  const [open, setOpen] = useState(false)
  const [started, setStarted] = useState<Job | null>(null)
  const [id, setId] = useState<number | null>(null)
  const job = useJob(id, started)
  const Drawer = useDrawer(open)
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
      {Drawer && job && <Drawer job={job} open={open} onClose={() => setOpen(false)} />}
    </JobsContext>
  )
}

const kinds = ["replay", "cycle", "import", "promotions", "compact", "tidy", "recommend", "personas"] as const

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
  "reveal", "features", "people", "value", "lifecycle", "affinity", "demand", "settle", "propose",
  "plays", "expire", "scorecard", "promotions", "read", "check", "write", "month", "lake", "jobs", "history", "together", "learn", "rank", "done",
] as const
