import { useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useTranslation } from "react-i18next"
import { atLeast } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import { useUrl } from "../../../lib/url"
import { Blank } from "../../../parts/blank"
import { Table, type Column } from "../../../parts/table"
import { Trouble } from "../../../parts/trouble"
import "../../../styles/setup.css"
import { useBoth, useTierNames } from "../promotions/words"
import { asks, standing, type PriceList } from "./asks"
import { CreateList } from "./create"
import { ListDrawer } from "./list"

/** Every price list: whose it is, when it holds, how many prices it has. */
export default function PricesPage() {
  const { t } = useTranslation("setup")
  const f = useFormats()
  const both = useBoth()
  const tierName = useTierNames()
  const [url, setUrl] = useUrl({ list: "", new: "", q: "" })
  const may = atLeast(useQuery({ ...ask.me(), staleTime: Infinity }).data?.role, "operator")
  const lists = useQuery(asks.lists())
  const channels = useQuery(asks.channels()).data ?? []
  const channelOf = (id: string) => channels.find((one) => one.channel_id === id)
  const title = (row: PriceList) => (row.base ? t("prices.base") : both(row.name))
  const open = (row: PriceList) => setUrl({ list: row.id, q: "" })
  function when(row: PriceList) {
    const from = row.starts_at && f.moment(row.starts_at)
    const till = row.ends_at && f.moment(row.ends_at)
    if (from && till) return t("prices.span", { from, till })
    return from ? t("prices.from", { at: from }) : till ? t("prices.till", { at: till }) : t("prices.always")
  }
  const columns: Column<PriceList>[] = [
    { key: "name", title: t("prices.name"), wrap: true, show: (row) => <button type="button" className="linklike" onClick={() => open(row)}>{title(row)}</button> },
    { key: "channel", title: t("prices.channel"), wrap: true, wide: true, show: (row) => both(channelOf(row.channel_id)?.name ?? { zh: "", en: "" }) || row.channel_id },
    { key: "for", title: t("prices.for"), wrap: true, show: (row) => (row.tier ? tierName(row.tier) : t("prices.everyone")) },
    { key: "when", title: t("prices.when"), wrap: true, wide: true, show: when },
    { key: "count", title: t("prices.count"), right: true, show: (row) => f.whole(row.prices) },
    { key: "state", title: t("prices.state"), show: (row) => <Standing of={standing(row, Date.now())} /> },
  ]
  const chosen = lists.data?.find((row) => row.id === url.list)
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{t("prices.title")}</h1>
          <p className="lead">{t("prices.lead")}</p>
        </div>
        <Button type="primary" disabled={!may} title={may ? undefined : t("setup.operatorOnly")} onClick={() => setUrl({ new: "list" })}>
          {t("prices.new")}
        </Button>
      </div>
      {lists.error ? (
        <Trouble error={lists.error} onRetry={() => void lists.refetch()} />
      ) : (
        <section className="sheet">
          <Table label={t("prices.title")} columns={columns} rows={lists.data} rowKey={(row) => row.id} rowClass={(row) => (standing(row, Date.now()) === "over" ? "gone" : "")} onOpen={open} empty={<Blank title={t("prices.none")}>{t("prices.noneMeans")}</Blank>} />
        </section>
      )}
      {chosen && <ListDrawer list={chosen} title={title(chosen)} currency={channelOf(chosen.channel_id)?.currency} may={may} q={url.q} onFind={(q) => setUrl({ q }, true)} onClose={() => setUrl({ list: "", q: "" })} />}
      {may && <CreateList open={url.new === "list"} channels={channels} onClose={() => setUrl({ new: "" })} onDone={(list) => setUrl({ new: "", list })} />}
    </div>
  )
}

function Standing({ of }: { of: ReturnType<typeof standing> }) {
  const { t } = useTranslation("setup")
  return <span className={`tag ${of === "now" ? "good" : ""}`}>{t(`prices.${of}`)}</span>
}
