import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import { Blank } from "../../../parts/blank"
import { Table, type Column } from "../../../parts/table"
import type { Overview } from "./asks"
import { Sum } from "./sum"
import { useMoney, useNames } from "./words"

type Account = Overview["accounts"][number]

/** Every account: what was ever debited and credited, and where it stands; its movements one step away. */
export function AccountsTab({ rows, onOpen }: { rows: Account[] | undefined; onOpen(account: string): void }) {
  const { t } = useTranslation("payments")
  const f = useFormats()
  const money = useMoney()
  const names = useNames()
  const through = (row: Account) => row.account.replace(/^provider:/, "")
  const columns: Column<Account>[] = [
    {
      key: "account",
      title: t("col.account"),
      show: (row) => (
        <button type="button" className="linklike" onClick={() => onOpen(row.account)}>
          {names.account(row.account)}
        </button>
      ),
    },
    { key: "kind", title: t("col.nature"), wide: true, show: (row) => t(`nature.${row.kind}`) },
    { key: "movements", title: t("col.movements"), right: true, wide: true, show: (row) => f.whole(row.movements) },
    { key: "last", title: t("col.last"), right: true, wide: true, show: (row) => f.moment(row.last_at) },
    { key: "debit", title: t("col.debits"), right: true, wide: true, show: (row) => money(row.debit_minor, row.currency) },
    { key: "credit", title: t("col.credits"), right: true, wide: true, show: (row) => money(row.credit_minor, row.currency) },
    { key: "balance", title: t("col.balance"), right: true, show: (row) => <Balance of={row} provider={through(row)} /> },
  ]
  return (
    <>
      <section className="sheet">
        <Table label={t("tab.accounts")} columns={columns} rows={rows} rowKey={(row) => row.account + row.currency} onOpen={(row) => onOpen(row.account)} empty={<Blank title={t("ledger.empty")}>{t("ledger.emptyWhy")}</Blank>} />
      </section>
      <p className="soft small">{t("nature.means")}</p>
    </>
  )
}

/** On which side of the books it stands, in words: a liability is no negative amount of money. */
function Balance({ of: row, provider }: { of: Account; provider: string }) {
  const { t } = useTranslation("payments")
  return (
    <>
      <Sum minor={Math.abs(row.amount_minor)} currency={row.currency} provider={provider} /> <span className="soft small">{t(row.amount_minor === 0 ? "side.even" : row.amount_minor > 0 ? "side.debit" : "side.credit")}</span>
    </>
  )
}
