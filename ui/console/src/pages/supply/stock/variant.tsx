import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Button, Drawer } from "antd"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { useFormats } from "../../../lib/i18n"
import { Bones } from "../../../parts/blank"
import { rowsOf, Table, type Column } from "../../../parts/table"
import { Trouble } from "../../../parts/trouble"
import { asks, type Level, type Reservation } from "./asks"
import type { Act } from "./booking"
import { Goods } from "./goods"
import { useMovementColumns } from "./movements"
import { usePlaceName } from "./words"

type Props = { sku: string; may: boolean; onClose(): void; onBook(act: Act, place: string): void; onHistory(): void }

/** One variant: where it lies, for whom it stands aside, what moved last. */
export function VariantDrawer({ sku, ...rest }: Props) {
  return (
    <Drawer open={!!sku} onClose={rest.onClose} title={<span className="skuname">{sku}</span>} size="large" destroyOnHidden>
      {sku && <Variant sku={sku} {...rest} />}
    </Drawer>
  )
}

function Variant({ sku, may, onBook, onHistory }: Props) {
  const { t } = useTranslation(["stock", "common"])
  const levels = useInfiniteQuery(asks.levels({ sku }, 200))
  const moved = useInfiniteQuery(asks.movements({ sku }, 6))
  const aside = useQuery(asks.reservations(sku))
  const columns = useMovementColumns(true)
  const where = useWhere(may, onBook)
  if (levels.error) return <Trouble error={levels.error} onRetry={() => void levels.refetch()} />
  const here = rowsOf(levels)
  if (!here) return <Bones rows={6} height={34} />
  const orders = (aside.data ?? []).filter((one) => one.pieces.some((piece) => piece.sku === sku && piece.still_open > 0))
  return (
    <div className="drawerbody stockone">
      {here[0]?.title && (
        <p className="lead">
          <Goods of={here[0]} /> <Link to={`/shop/products?q=${encodeURIComponent(sku)}`}>{t("product")}</Link>
        </p>
      )}
      <section className="sheet">
        <Table label={t("tab.levels")} columns={where} rows={here} rowKey={(row) => row.location_id} empty={<p className="soft pad">{t("nowhere")}</p>} />
      </section>
      <h3>{t("aside.title")}</h3>
      {orders.length === 0 ? <p className="soft">{t("aside.none")}</p> : <Aside sku={sku} rows={orders} />}
      <h3>{t("aside.moved")}</h3>
      <section className="sheet">
        <Table label={t("tab.movements")} columns={columns} rows={rowsOf(moved)?.slice(0, 6)} rowKey={(row) => String(row.id)} empty={<p className="soft pad">{t("moved.empty")}</p>} />
      </section>
      {!!here.length && (
        <p className="after0">
          <Button type="link" className="flush" onClick={onHistory}>
            {t("aside.all")}
          </Button>
        </p>
      )}
    </div>
  )
}

function useWhere(may: boolean, onBook: (act: Act, place: string) => void): Column<Level>[] {
  const { t } = useTranslation(["stock", "common"])
  const f = useFormats()
  const placeName = usePlaceName()
  const columns: Column<Level>[] = [
    { key: "place", title: t("place"), show: (row) => placeName(row.location_id) },
    { key: "on_hand", title: t("onHand"), right: true, show: (row) => f.whole(row.on_hand) },
    { key: "held", title: t("held"), right: true, wide: true, show: (row) => f.whole(row.held) },
    { key: "committed", title: t("committed"), right: true, wide: true, show: (row) => f.whole(row.committed) },
    { key: "free", title: t("free"), right: true, show: (row) => <b>{f.whole(row.free)}</b> },
  ]
  const book: Column<Level> = {
    key: "book",
    title: "",
    right: true,
    show: (row) => (
      <Button size="small" type="text" onClick={() => onBook("count", row.location_id)} aria-label={t("common:act.for", { verb: t("book.open"), title: placeName(row.location_id) })}>
        {t("book.open")}
      </Button>
    ),
  }
  return may ? [...columns, book] : columns
}

function Aside({ sku, rows }: { sku: string; rows: Reservation[] }) {
  const { t } = useTranslation("stock")
  const f = useFormats()
  const placeName = usePlaceName()
  return (
    <ul className="steps">
      {rows.map((one) => (
        <li key={one.order_id}>
          <span className="soft num">{one.state === "held" ? t("aside.until", { at: f.moment(one.until) }) : t("aside.paid")}</span>
          <span>
            <Link to={`/shop/orders/${encodeURIComponent(one.order_id)}`}>{t("order")}</Link>{" "}
            {one.pieces
              .filter((piece) => piece.sku === sku && piece.still_open > 0)
              .map((piece) => t("aside.piece", { units: f.whole(piece.still_open), place: piece.location_id ? placeName(piece.location_id) : t(`supply.${piece.supply}`) }))
              .join(", ")}
          </span>
        </li>
      ))}
    </ul>
  )
}
