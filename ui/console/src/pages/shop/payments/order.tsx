import { useTranslation } from "react-i18next"
import { Link } from "react-router"

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
