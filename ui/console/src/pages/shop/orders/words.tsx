import { useTranslation } from "react-i18next"
import type { Order, States } from "./asks"

type Payment = Exclude<States["charge"], "none"> | States["authorisation"]

// The dot beside a word: filled green is done, a green ring waits for somebody, ochre is half way, grey is over.
const ofPayment: Record<Payment, string> = { awaiting: "waiting", free: "executed", authorised: "executed", void: "", charged: "executed", refunding: "mixed", partly_refunded: "mixed", refunded: "" }
const ofFulfilment: Record<States["fulfilment"], string> = { none: "", unshipped: "proposed", partly_shipped: "mixed", shipped: "executing", delivered: "executed" }

/** How far the money is: what was charged says more than whether something waits. */
export function PaymentTag({ of: states }: { of: States }) {
  const { t } = useTranslation("orders")
  const payment: Payment = states.charge === "none" ? states.authorisation : states.charge
  return <span className={`state ${ofPayment[payment]}`}>{t(`payment.${payment}`)}</span>
}

export function FulfilmentTag({ of: states }: { of: States }) {
  const { t } = useTranslation("orders")
  return <span className={`state ${ofFulfilment[states.fulfilment]}`}>{t(`fulfilment.${states.fulfilment}`)}</span>
}

/** Only what is not the usual is said: that an order is over. */
export function StateTag({ of: state }: { of: Order["state"] }) {
  const { t } = useTranslation("orders")
  if (state === "placed") return null
  return <span className={`state ${state === "cancelled" ? "rejected" : state === "draft" ? "waiting" : ""}`}>{t(`state.${state}`)}</span>
}
