import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { addDays, daysBetween } from "../../../lib/format"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { changeParts } from "../../../lib/shapes"
import { Bones } from "../../../parts/blank"
import { Term } from "../../../parts/explain"
import { Trouble } from "../../../parts/trouble"
import { Effects } from "../../../parts/viz"

type Url = { since: string; until: string; bsince: string; buntil: string }
type Props = { asOf: string; url: Url; onUrl(patch: Partial<Url>): void }

/** Revenue of one period against another, in parts that sum exactly: the formula of Today, for any two periods. */
export function ChangeBetween({ asOf, url, onUrl }: Props) {
  const { t } = useTranslation("economics")
  const f = useFormats()
  const until = url.until || asOf
  const since = url.since || addDays(until, -27)
  const before_until = url.buntil || addDays(since, -1)
  const before_since = url.bsince || addDays(before_until, -daysBetween(since, until))
  const found = useQuery(ask.economicsChange({ since, until, before_since, before_until }))
  const data = found.data
  const day = (name: keyof Url, label: string, value: string) => (
    <label className="dayfield">
      <span>{label}</span>
      <input type="date" value={value} max={asOf} onChange={(event) => event.target.value && onUrl({ [name]: event.target.value })} />
    </label>
  )
  const parts = f.column((data?.parts ?? []).map((part) => part.change_minor))
  const partName = (key: string) => {
    const known = changeParts.find((one) => one === key)
    return known ? t(`part.${known}`) : key
  }
  return (
    <section className="sheet pad" aria-labelledby="between">
      <h2 id="between">
        <Term of="change" asOf={asOf}>
          {t("change")}
        </Term>
      </h2>
      <div className="tbar flowbar">
        {day("since", t("periodFrom"), since)}
        {day("until", t("periodTo"), until)}
        {day("bsince", t("againstFrom"), before_since)}
        {day("buntil", t("againstTo"), before_until)}
      </div>
      {found.error ? (
        <Trouble error={found.error} onRetry={() => void found.refetch()} />
      ) : data ? (
        <>
          <p className="lead num">
            {t("changeSum", {
              revenue: f.money(data.revenue_minor),
              previous: f.money(data.previous_minor),
              diff: f.money(data.revenue_minor - data.previous_minor, { signed: true }),
            })}
          </p>
          <Effects rows={data.parts.map(({ key, change_minor: value }) => ({ key, name: partName(key), value, shown: parts.money(value, { signed: true }) }))} />
          <p className="soft small">{t("changeExact")}</p>
        </>
      ) : (
        <Bones rows={5} height={34} />
      )}
    </section>
  )
}
