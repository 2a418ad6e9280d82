import { useQuery, type UseQueryOptions } from "@tanstack/react-query"
import { Drawer } from "antd"
import { useEffect } from "react"
import { useTranslation } from "react-i18next"
import { Link } from "react-router"
import type { components } from "../../../api.gen"
import { useFormats } from "../../../lib/i18n"
import { holdKeys } from "../../../lib/keys"
import { Bones } from "../../../parts/blank"
import { Trouble } from "../../../parts/trouble"
import type { EvidenceLeaf, EvidenceRow } from "./asks"
import { negated, nodeAt, type Definition } from "./language"
import { productsIn, useSay } from "./say"

type Evidence = components["schemas"]["AudienceEvidence"]
type Key = readonly (string | Definition)[]
type Props<K extends Key> = { person: string; definition: Definition; asked: UseQueryOptions<Evidence, Error, Evidence, K>; onClose(): void }

/** Why somebody is in an audience: each condition, whether it holds, and the facts behind it. */
export function EvidenceDrawer<K extends Key>({ person, definition, asked, onClose }: Props<K>) {
  const { t } = useTranslation(["audiences", "common"])
  const f = useFormats()
  const found = useQuery({ ...asked, enabled: person !== "" })
  const { says } = useSay(productsIn(definition))
  useEffect(() => (person ? holdKeys() : undefined), [person])
  const data = found.data
  const holds = (one: EvidenceLeaf) => one.held !== negated(definition.where, one.path)
  return (
    <Drawer open={person !== ""} onClose={onClose} title={t(data?.held === false ? "whyNot" : "whyOf", { person })} size={620} destroyOnHidden>
      {found.error ? (
        <Trouble error={found.error} onRetry={() => void found.refetch()} />
      ) : data ? (
        <>
          <p className="row between small soft">
            <span>{t("countedAt", { at: f.localTime(data.as_at) })}</span>
            <Link to={`/customers/${encodeURIComponent(person)}`}>{t("openCustomer")}</Link>
          </p>
          <ol className="evidence">
            {data.leaves.map((one) => (
              <li key={one.path} className={holds(one) ? "held" : "unheld"}>
                <h3>
                  <span className="mark">
                    <span aria-hidden>{holds(one) ? "\u2713" : "\u2013"}</span> {t(holds(one) ? "held" : "notHeld")}
                  </span>{" "}
                  {says(definition.where, one.path) ?? one.words}
                </h3>
                {one.figure !== null && <p className="soft small num">{t("evidenceFigure", { figure: figureOf(one, definition, f) })}</p>}
                <Rows leaf={one} />
              </li>
            ))}
          </ol>
        </>
      ) : (
        <Bones rows={8} height={36} />
      )}
    </Drawer>
  )
}

function figureOf(one: EvidenceLeaf, definition: Definition, f: ReturnType<typeof useFormats>): string {
  const node = nodeAt(definition.where, one.path)
  const figure = one.figure ?? 0
  if ((node?.op === "did" && node.of === "spend") || (node?.op === "value" && node.measure === "value_minor")) return f.money(figure)
  const share = node?.op === "persona" || node?.op === "next_purchase" || (node?.op === "value" && node.measure === "p_alive")
  return share ? f.percent(figure, 1) : f.quantity(figure)
}

function Rows({ leaf }: { leaf: EvidenceLeaf }) {
  const { t } = useTranslation("audiences")
  const f = useFormats()
  if (leaf.rows.length === 0) return leaf.held ? <p className="soft small">{t("evidenceNone")}</p> : null
  const amount = (row: EvidenceRow) => [row.quantity === null ? "" : t("times", { quantity: f.quantity(row.quantity) }), row.amount_minor === null ? "" : f.money(row.amount_minor, { exact: true })]
  return (
    <table className="plaintable">
      <tbody>
        {leaf.rows.map((row, i) => (
          <tr key={`${row.ref}-${i}`}>
            <td className="num soft nowrap">{row.at ? f.localTime(row.at) : ""}</td>
            <th scope="row">
              {row.step !== null && <span className="soft num">{t("stepLabel", { n: row.step + 1 })}: </span>}
              {row.title}
            </th>
            {amount(row).map((text, at) => (
              <td key={at} className="r num">
                {text}
              </td>
            ))}
          </tr>
        ))}
        {leaf.total > leaf.rows.length && (
          <tr>
            <td colSpan={4} className="soft num">
              {t("evidenceMore", { count: leaf.total - leaf.rows.length })}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  )
}
