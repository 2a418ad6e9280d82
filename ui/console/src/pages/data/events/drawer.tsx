import { Button, Drawer } from "antd"
import { useEffect } from "react"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { useFormats } from "../../../lib/i18n"
import { holdKeys } from "../../../lib/keys"
import { useNotices } from "../../../lib/notices"
import type { EventRow } from "./asks"

/** One event, whole. */
export function EventDrawer({ row, onClose }: { row: EventRow; onClose(): void }) {
  const { t } = useTranslation("events")
  const f = useFormats()
  const { message } = useNotices()
  useEffect(holdKeys, [])
  const whole = JSON.stringify(row, null, 2)
  const copy = async () => {
    await navigator.clipboard.writeText(whole)
    void message.success(t("drawer.copied"))
  }
  const facts: [string, React.ReactNode][] = [
    [t("drawer.occurred"), f.localTime(row.local_at)],
    [t("drawer.received"), f.moment(row.received_at)],
    [t("drawer.person"), row.person_id],
    [t("drawer.customer"), row.customer_id],
    [t("drawer.device"), row.anonymous_id],
    [t("col.source"), row.source],
    [t("drawer.id"), row.event_id],
  ]
  const known = row.person_id && !row.person_id.startsWith("anon:")
  return (
    <Drawer open onClose={onClose} title={row.name} size={520} mask={false}>
      <div className="eventbody">
        <dl className="pairs">
          {facts.map(([name, value]) =>
            value ? (
              <div key={name}>
                <dt>{name}</dt>
                <dd className="idword">{value}</dd>
              </div>
            ) : null,
          )}
        </dl>
        <div className="row">
          {known && <Link to={`/customers/${encodeURIComponent(row.person_id ?? "")}`}>{t("drawer.customerPage")}</Link>}
          <Button size="small" onClick={() => void copy()}>
            {t("drawer.copy")}
          </Button>
        </div>
        <Json title={t("drawer.properties")} value={row.properties} />
        <Json title={t("drawer.context")} value={row.context} />
        <Json title={t("drawer.whole")} value={row} />
      </div>
    </Drawer>
  )
}

/** The words of a row that open it. */
export function Opener({ text, onOpen }: { text: string; onOpen(): void }) {
  return (
    <button type="button" className="linklike" onClick={onOpen}>
      {text}
    </button>
  )
}

export function Json({ title, value }: { title: string; value: unknown }) {
  if (value === null || value === undefined) return null
  return (
    <>
      <h3>{title}</h3>
      <pre className="log json" tabIndex={0} aria-label={title}>
        {typeof value === "string" ? value : JSON.stringify(value, null, 2)}
      </pre>
    </>
  )
}
