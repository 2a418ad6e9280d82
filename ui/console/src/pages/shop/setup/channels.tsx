import { useQuery } from "@tanstack/react-query"
import { Button, Drawer, Form, Input, Radio } from "antd"
import { useTranslation } from "react-i18next"
import type { components } from "../../../api.gen"
import { client, take } from "../../../lib/api"
import { useFormats } from "../../../lib/i18n"
import { Table, type Column } from "../../../parts/table"
import { Blank } from "../../../parts/blank"
import { Trouble } from "../../../parts/trouble"
import { asks } from "../prices/asks"
import { useBoth } from "../products/words"
import { Amount } from "../promotions/money"
import { NameFields, NEW, NewButton, useKeep, type Named, type TabProps } from "./parts"

type Channel = components["schemas"]["SalesChannel"]
type Fields = Named & { currency: string; country: string; tax_inclusive: boolean; rates: { tax: string; bp: number | null }[] }

const known = ["standard", "reduced", "zero", "delivery"] as const

/** What a tax class is called; its key where it is the shop's own. */
function useTaxName() {
  const { t } = useTranslation("setup")
  return (key: string) => {
    const own = known.find((one) => one === key)
    return own ? t(`channel.${own}`) : key
  }
}

/** Where goods are sold: currency, country, taxes inside the price or on top. */
export function ChannelsTab({ edit, may, onEdit }: TabProps) {
  const { t } = useTranslation("setup")
  const both = useBoth()
  const f = useFormats()
  const taxName = useTaxName()
  const asked = useQuery(asks.channels())
  const every = asked.data
  if (asked.error) return <Trouble error={asked.error} onRetry={() => void asked.refetch()} />
  const rates = (row: Channel) => Object.entries(row.tax_rates).sort((a, b) => b[1] - a[1]).map(([key, bp]) => `${taxName(key)} ${f.percent(bp / 10_000, bp % 100 ? 2 : 0)}`).join(" · ")
  const columns: Column<Channel>[] = [
    { key: "name", title: t("setup.name"), wrap: true, show: (row) => (may ? <button type="button" className="linklike" onClick={() => onEdit(row.channel_id)}>{both(row.name)}</button> : both(row.name)) },
    { key: "currency", title: t("channel.currency"), show: (row) => row.currency },
    { key: "country", title: t("channel.country"), wide: true, show: (row) => row.country },
    { key: "tax", title: t("channel.tax"), show: (row) => t(row.tax_inclusive ? "channel.inside" : "channel.onTop") },
    { key: "rates", title: t("channel.rates"), wrap: true, wide: true, show: rates },
  ]
  const one = every?.find((row) => row.channel_id === edit)
  return (
    <>
      <NewButton label={t("channel.new")} may={may} why={t("setup.approverOnly")} onClick={() => onEdit(NEW)} />
      <section className="sheet">
        <Table label={t("setup.tab.channels")} columns={columns} rows={every} rowKey={(row) => row.channel_id} empty={<Blank title={t("channel.none")} />} />
      </section>
      {may && every && (one || edit === NEW) && <Edit one={one} every={every} onClose={() => onEdit("")} />}
    </>
  )
}

function Edit({ one, every, onClose }: { one: Channel | undefined; every: Channel[]; onClose(): void }) {
  const { t } = useTranslation("setup")
  const write = ({ key, zh, en, rates, ...rest }: Fields) =>
    take(client.PUT("/v1/trade/channels/{channel_id}", { params: { path: { channel_id: one?.channel_id ?? key } }, body: { ...rest, name: { zh: zh ?? "", en: en ?? "" }, tax_rates: Object.fromEntries(rates.map((rate) => [rate.tax, rate.bp ?? 0])) } }))
  const keep = useKeep(write, onClose)
  const like = one ?? every[0]
  const start = { zh: one?.name.zh, en: one?.name.en, currency: like?.currency, country: like?.country, tax_inclusive: like?.tax_inclusive ?? true, rates: Object.entries(like?.tax_rates ?? { standard: 0 }).map(([tax, bp]) => ({ tax, bp })) }
  return (
    <Drawer open onClose={onClose} title={one ? t("channel.edit") : t("channel.new")} size="large">
      <Form<Fields> layout="vertical" requiredMark={false} className="setupform" initialValues={start} onFinish={(told) => keep.mutate(told)}>
        <NameFields fresh={!one} taken={every.map((row) => row.channel_id)} />
        <div className="pairrow">
          <Form.Item name="currency" label={t("channel.currency")} extra={t("channel.currencyHint")} rules={[{ required: true, pattern: /^[A-Z]{3}$/, message: t("channel.badCurrency") }]}>
            <Input autoComplete="off" maxLength={3} />
          </Form.Item>
          <Form.Item name="country" label={t("channel.country")} extra={t("channel.countryHint")} rules={[{ required: true, pattern: /^[A-Z]{2}$/, message: t("channel.badCountry") }]}>
            <Input autoComplete="off" maxLength={2} />
          </Form.Item>
        </div>
        <Form.Item name="tax_inclusive" label={t("channel.taxIs")}>
          <Radio.Group options={[{ value: true, label: t("channel.insideSaid") }, { value: false, label: t("channel.onTopSaid") }]} />
        </Form.Item>
        <Rates />
        <Button htmlType="submit" type="primary" loading={keep.isPending}>
          {t("setup.keep")}
        </Button>
      </Form>
    </Drawer>
  )
}

function Rates() {
  const { t } = useTranslation("setup")
  const needed = [{ required: true, pattern: /^[a-z0-9_-]+$/, message: t("setup.keyHint") }]
  return (
    <fieldset>
      <legend>{t("channel.rates")}</legend>
      <p className="soft small">{t("channel.classHint")}</p>
      <Form.List name="rates">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className="raterow">
                <Form.Item noStyle name={[name, "tax"]} rules={needed}>
                  <Input aria-label={t("channel.class")} autoComplete="off" maxLength={40} />
                </Form.Item>
                <Form.Item noStyle name={[name, "bp"]}>
                  <Amount share label={t("channel.rate")} />
                </Form.Item>
                <Button type="text" size="small" aria-label={t("channel.drop", { name: name + 1 })} disabled={fields.length === 1} onClick={() => remove(name)}>
                  ×
                </Button>
              </div>
            ))}
            <Button size="small" onClick={() => add({ tax: "", bp: 0 })}>
              {t("channel.addRate")}
            </Button>
          </>
        )}
      </Form.List>
    </fieldset>
  )
}
