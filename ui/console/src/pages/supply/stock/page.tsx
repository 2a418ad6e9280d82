import { useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useTranslation } from "react-i18next"
import { atLeast } from "../../../lib/api"
import { ask } from "../../../lib/queries"
import { oneOf, useUrl } from "../../../lib/url"
import "../../../styles/stock.css"
import { asks } from "./asks"
import { Booking, acts } from "./booking"
import { CountSheet } from "./countsheet"
import { DeliveryTab } from "./delivery"
import { LevelsTab } from "./levels"
import { MovementsTab } from "./movements"
import { PlacesDrawer } from "./places"
import { QuotasTab } from "./quotas"
import { VariantDrawer } from "./variant"

const tabs = ["levels", "movements", "quotas", "delivery"] as const
const start = { tab: "levels", q: "", place: "", short: "", kind: "", sku: "", book: "", at: "", of: "", places: "", sheet: "" }

/** Stock: what lies where, what is promised, what moved, and booking what comes and goes. */
export default function StockPage() {
  const { t } = useTranslation("stock")
  const [url, setUrl] = useUrl(start)
  const me = useQuery({ ...ask.me(), staleTime: Infinity }).data
  const may = atLeast(me?.role, "operator")
  const places = useQuery(asks.places()).data
  const tab = oneOf(url.tab, tabs) ?? "levels"
  const act = oneOf(url.book, acts)
  const bodies = {
    levels: <LevelsTab url={url} onUrl={setUrl} places={places ?? []} may={may} />,
    movements: <MovementsTab url={url} onUrl={setUrl} places={places ?? []} />,
    quotas: <QuotasTab may={may} />,
    delivery: <DeliveryTab may={may} />,
  }
  return (
    <div className="page stockpage">
      <div className="head">
        <div>
          <h1>{t("title")}</h1>
          <p className="lead">{t("lead")}</p>
        </div>
        <div className="row stockacts">
          <Button onClick={() => setUrl({ places: "open" })}>{t("places.title")}</Button>
          {may && (
            <Button disabled={!places?.length} onClick={() => setUrl({ sheet: "open" })}>
              {t("sheet.title")}
            </Button>
          )}
          {may && (
            <Button type="primary" disabled={!places?.length} onClick={() => setUrl({ book: "receive", of: "", at: "" })}>
              {t("act.receive")}
            </Button>
          )}
        </div>
      </div>
      <div className="row stocktabs" role="group" aria-label={t("tab.label")}>
        {tabs.map((key) => (
          <Button key={key} type={key === tab ? "primary" : "default"} ghost={key === tab} aria-pressed={key === tab} onClick={() => setUrl({ tab: key })}>
            {t(`tab.${key}`)}
          </Button>
        ))}
      </div>
      {bodies[tab]}
      <VariantDrawer sku={url.sku} may={may} onClose={() => setUrl({ sku: "" })} onBook={(book, at) => setUrl({ book, at, of: url.sku })} onHistory={() => setUrl({ tab: "movements", q: url.sku, sku: "" })} />
      {act && may && places && <Booking act={act} places={places} sku={url.of} at={url.at} onAct={(book) => setUrl({ book }, true)} onClose={() => setUrl({ book: "", of: "", at: "" })} />}
      {may && <CountSheet open={url.sheet === "open"} places={places ?? []} onClose={() => setUrl({ sheet: "" })} />}
      <PlacesDrawer open={url.places === "open"} may={may} onClose={() => setUrl({ places: "" })} />
    </div>
  )
}
