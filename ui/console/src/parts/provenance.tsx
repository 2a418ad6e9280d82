import { useTranslation } from "react-i18next"
import type { Shop } from "../lib/shapes"

/** Country, year, licence and what the publishers themselves say of the data's origin. */
export function ProvenanceCard({ shop }: { shop: Shop }) {
  const { t, i18n } = useTranslation("common")
  const origin = shop.provenance
  if (!origin) return null
  return (
    <section className="sheet pad" aria-labelledby="provenance">
      <h2 id="provenance">{t("provenance.title")}</h2>
      <p className="lead">
        <strong>{origin.title}</strong>
      </p>
      <p className="soft">{i18n.language === "zh" ? origin.origin_note_zh : origin.origin_note_en}</p>
      {shop.simulated && <p className="warn">{t("provenance.simulated")}</p>}
      <dl className="facts">
        <dt>{t("provenance.country")}</dt>
        <dd>{origin.country}</dd>
        <dt>{t("provenance.year")}</dt>
        <dd className="num">{origin.year}</dd>
        <dt>{t("provenance.licence")}</dt>
        <dd>{origin.licence}</dd>
        <dt>{t("provenance.source")}</dt>
        <dd>
          <a href={origin.source_url} rel="noreferrer" target="_blank">
            {origin.source_url.replace(/^https?:\/\//, "")}
          </a>
        </dd>
      </dl>
    </section>
  )
}
