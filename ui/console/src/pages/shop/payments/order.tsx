import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import { client, take } from "../../../lib/api"

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

/** An order by the end of its id, which leads to it. */
export function OrderLink({ id }: { id: string | null }) {
  const { t } = useTranslation("payments")
  if (!id) return <>{t("none")}</>
  return (
    <Link to={`/shop/orders/${encodeURIComponent(id)}`} title={id} className="num">
      {id.length > 16 ? `…${id.slice(-8)}` : id}
    </Link>
  )
}
