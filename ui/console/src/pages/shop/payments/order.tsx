import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { client, take } from "../../../lib/api"

const most = 100
let round: { ids: Set<string>; numbers: Promise<Record<string, string>> } | undefined

/** The number of an order, or null. The cells of a table ask in one moment, and so in one call. */
function numberOf(id: string): Promise<string | null> {
  round ??= newRound()
  round.ids.add(id)
  return round.numbers.then((numbers) => numbers[id] ?? null)
}

function newRound() {
  const ids = new Set<string>()
  const numbers = new Promise((ready) => setTimeout(ready)).then(async () => {
    round = undefined
    const every = [...ids]
    const pieces = every.filter((_, at) => at % most === 0).map((_, at) => every.slice(at * most, (at + 1) * most))
    const told = await Promise.all(pieces.map((order_id) => take(client.GET("/v1/trade/orders/numbers", { params: { query: { order_id } } }))))
    return Object.assign({}, ...told) as Record<string, string>
  })
  return { ids, numbers }
}

const id = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i

/** The order that somebody means: its id as it stands, or the number that buyers know, found among the orders. */
export function useOrder(typed: string): string {
  const direct = typed === "" || id.test(typed)
  const found = useQuery({
    queryKey: ["/v1/trade/orders", "numbered", typed],
    queryFn: ({ signal }) => take(client.GET("/v1/trade/orders", { params: { query: { q: typed, limit: 1 } }, signal })),
    enabled: !direct,
    staleTime: 60_000,
  })
  return direct ? typed : (found.data?.rows[0]?.order_id ?? typed)
}

/** An order by the number that buyers know, which leads to it; by the end of its id until that is known. */
export function OrderLink({ id }: { id: string | null }) {
  const { t } = useTranslation("payments")
  const number = useQuery({ queryKey: ["/v1/trade/orders", "number", id], queryFn: () => numberOf(id ?? ""), enabled: !!id, staleTime: Infinity })
  if (!id) return <>{t("none")}</>
  return (
    <Link to={`/shop/orders/${encodeURIComponent(id)}`} title={id} className="num">
      {number.data ?? (id.length > 16 ? `…${id.slice(-8)}` : id)}
    </Link>
  )
}
