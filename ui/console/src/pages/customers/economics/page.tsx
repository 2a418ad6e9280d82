import { useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { useUrl } from "../../../lib/url"
import "../../../styles/lifecycle.css"
import { Estimated, NoneYet } from "../estimated"
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
  const [url, setUrl] = useUrl({ open: "", channel: "*", days: "30", since: "", until: "", bsince: "", buntil: "" })
  const found = useQuery(ask.economics())
  const data = found.data
  const bring = (
    <Button type={data && !data.has_spend ? "primary" : "default"} onClick={() => setUrl({ open: "spend" })}>
      {t("bring")}
    </Button>
  )
  return (
    <>
      <Estimated title={t("title")} lead={data?.as_of && t("lead", { day: f.day(data.as_of) })} aside={data?.as_of && bring} found={found} height={44}>
        {(known) =>
          known.as_of === null ? (
            <NoneYet title={t("empty")} why={t("emptyWhy")} go={t("toData")} />
          ) : (
            <>
              {!known.has_spend && (
                <section className="sheet pad missing">
                  <h2>{t("noSpend")}</h2>
                  <p className="soft">{t("noSpendWhy")}</p>
                </section>
              )}
              <OptionsCard data={known} />
              <CostCard data={known} />
              <PaybackCard data={known} channel={url.channel} onChannel={(channel) => setUrl({ channel })} />
              <ExistingCard data={known} />
              <RepurchaseCard asOf={known.as_of} days={url.days} onDays={(days) => setUrl({ days })} />
              <ChangeBetween asOf={known.as_of} url={url} onUrl={setUrl} />
            </>
          )
        }
      </Estimated>
      <SpendDrawer open={url.open === "spend"} onClose={() => setUrl({ open: "" })} />
    </>
  )
}
