import type { UseQueryResult } from "@tanstack/react-query"
import { Button } from "antd"
import type { ReactNode } from "react"
import { useNavigate } from "react-router"
import { Blank, Bones } from "../../parts/blank"
import { Trouble } from "../../parts/trouble"

type Props<T> = { title: string; lead: ReactNode; aside?: ReactNode; found: UseQueryResult<T>; height: number; children(data: T): ReactNode }

/** A page of one estimate: heading, what it says in a sentence, and the estimate, its trouble, or its outline. */
export function Estimated<T>({ title, lead, aside, found, height, children }: Props<T>) {
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{title}</h1>
          <p className="lead num">{lead || "\u00a0"}</p>
        </div>
        {aside}
      </div>
      {found.error ? (
        <Trouble error={found.error} onRetry={() => void found.refetch()} />
      ) : found.data ? (
        children(found.data)
      ) : (
        <section className="sheet">
          <Bones rows={8} height={height} />
        </section>
      )}
    </div>
  )
}

/** Nothing to estimate from yet, and the way to what is missing. */
export function NoneYet({ title, why, go: label, to = "/data" }: { title: string; why: string; go: string; to?: string }) {
  const go = useNavigate()
  const action = (
    <Button type="primary" onClick={() => void go(to)}>
      {label}
    </Button>
  )
  return (
    <section className="sheet">
      <Blank title={title} actions={action}>
        {why}
      </Blank>
    </section>
  )
}
