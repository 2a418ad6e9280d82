import { Button } from "antd"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { Refused } from "../lib/api"

const kinds = ["invalid", "not_found", "conflict", "refused", "unauthenticated", "forbidden", "throttled", "unavailable"] as const
type Kind = (typeof kinds)[number] | "unknown"

export function kindOf(error: unknown): Kind {
  if (!(error instanceof Refused)) return "unknown"
  return kinds.find((kind) => kind === error.kind) ?? "unknown"
}

export const sentenceOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** What happened, what it means for the shop, what to do next. */
export function Trouble({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation("common")
  const kind = kindOf(error)
  return (
    <section className="sheet pad trouble" role="alert">
      <h2>{t(`trouble.${kind}.what`)}</h2>
      <p>{error instanceof Refused ? sentenceOf(error) : t("trouble.offline")}</p>
      <p className="soft">{t(`trouble.${kind}.means`)}</p>
      <div className="row">
        {onRetry && <Button onClick={onRetry}>{t("trouble.retry")}</Button>}
        <Link to="/data">{t("trouble.health")}</Link>
      </div>
    </section>
  )
}
