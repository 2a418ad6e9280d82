import { useTranslation } from "react-i18next"
import { useMoney } from "./words"

type Props = { minor: number | null; currency: string; provider: string }

/** An amount to the last digit; money of the sandbox is marked, wherever it stands: nothing of it ever moved. */
export function Sum({ minor, currency, provider }: Props) {
  const { t } = useTranslation("payments")
  const money = useMoney()
  return (
    <>
      {provider === "sandbox" && <span className="simulated">{t("sandbox.row")}</span>} {minor === null ? t("none") : money(minor, currency || "CNY")}
    </>
  )
}
