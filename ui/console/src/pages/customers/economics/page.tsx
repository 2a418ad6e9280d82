import { useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useTranslation } from "react-i18next"
import { useNavigate } from "react-router"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { useUrl } from "../../../lib/url"
import { Blank, Bones } from "../../../parts/blank"
import { Trouble } from "../../../parts/trouble"
import "../../../styles/lifecycle.css"
import { ChangeBetween } from "./change"
import { CostCard } from "./cost"
import { ExistingCard, OptionsCard } from "./existing"
import { PaybackCard } from "./payback"
import { RepurchaseCard } from "./repurchase"
import { SpendDrawer } from "./upload"

/** What customers cost and what they bring: from spend to payback, from payback to where the next unit of money works. */
export default function EconomicsPage() {
  const { t } = useTranslation(["economics", "common"])
  const f = useFormats()
  const go = useNavigate()
  const [url, setUrl] = useUrl({ open: "", channel: "*", days: "30", since: "", until: "", bsince: "", buntil: "" })
  const found = useQuery(ask.economics())
  const data = found.data
  const bring = (
    <Button type={data && !data.has_spend ? "primary" : "default"} onClick={() => setUrl({ open: "spend" })}>
      {t("bring")}
    </Button>
  )
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{t("title")}</h1>
          <p className="lead num">{data?.as_of ? t("lead", { day: f.day(data.as_of) }) : "\u00a0"}</p>
        </div>
        {data?.as_of && bring}
      </div>
      {found.error ? (
        <Trouble error={found.error} onRetry={() => void found.refetch()} />
      ) : !data ? (
        <section className="sheet">
          <Bones rows={8} height={44} />
        </section>
      ) : data.as_of === null ? (
        <section className="sheet">
          <Blank
            title={t("empty")}
            actions={
              <Button type="primary" onClick={() => void go("/data")}>
                {t("toData")}
              </Button>
            }
          >
            {t("emptyWhy")}
          </Blank>
        </section>
      ) : (
        <>
          {!data.has_spend && (
            <section className="sheet pad missing">
              <h2>{t("noSpend")}</h2>
              <p className="soft">{t("noSpendWhy")}</p>
            </section>
          )}
          <OptionsCard data={data} />
          <CostCard data={data} />
          <PaybackCard data={data} channel={url.channel} onChannel={(channel) => setUrl({ channel })} />
          <ExistingCard data={data} />
          <RepurchaseCard asOf={data.as_of} days={url.days} onDays={(days) => setUrl({ days })} />
          <ChangeBetween asOf={data.as_of} url={url} onUrl={setUrl} />
        </>
      )}
      <SpendDrawer open={url.open === "spend"} onClose={() => setUrl({ open: "" })} />
    </div>
  )
}
