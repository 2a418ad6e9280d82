import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import type { Personas } from "../../../lib/shapes"
import { useUrl } from "../../../lib/url"
import { Term } from "../../../parts/explain"
import "../../../styles/personas.css"
import { Estimated, NoneYet } from "../estimated"
import { PersonaCard } from "./card"
import { Overlap, SceneMap } from "./maps"
import { usePersonaWords } from "./words"

/** The scenes of buying: where they lie to each other, when each happens, who shares them, and each one's card. */
export default function PersonasPage() {
  const { t } = useTranslation(["personas", "common"])
  const f = useFormats()
  const [url, setUrl] = useUrl({ persona: "" })
  const found = useQuery(ask.personas())
  const data = found.data
  const chosen = data?.personas.find((row) => row.persona_id === url.persona) ?? data?.personas[0]
  const lead = data?.as_of && data.personas.length > 0 && t("lead", { count: data.personas.length, placed: f.whole(data.placed), known: f.whole(data.known), day: f.day(data.as_of) })
  return (
    <Estimated title={t("title")} lead={lead} found={found} height={48}>
      {(known) =>
        chosen ? (
          <>
            <div className="two">
              <Scenes data={known} chosen={chosen.persona_id} onChoose={(persona) => setUrl({ persona })} />
              <SceneMap data={known} chosen={chosen.persona_id} onChoose={(persona) => setUrl({ persona })} />
            </div>
            <PersonaCard key={chosen.persona_id} row={chosen} all={known} />
            <Overlap data={known} chosen={chosen.persona_id} />
          </>
        ) : (
          <NoneYet title={t("empty")} why={t("emptyWhy")} go={t("toData")} />
        )
      }
    </Estimated>
  )
}

function Scenes({ data, chosen, onChoose }: { data: Personas; chosen: string; onChoose(id: string): void }) {
  const { t } = useTranslation("personas")
  const f = useFormats()
  const { name } = usePersonaWords()
  return (
    <section className="sheet pad" aria-labelledby="scenes">
      <h2 id="scenes">
        <Term of="persona" n={data.placed} asOf={data.as_of}>
          {t("scenes")}
        </Term>
      </h2>
      <ul className="scenes">
        {data.personas.map((row) => (
          <li key={row.persona_id}>
            <button type="button" aria-pressed={row.persona_id === chosen} onClick={() => onChoose(row.persona_id)}>
              <span>{name(row)}</span>
              <small className="soft num">{t("sizeValue", { count: row.customers, share: f.percent(row.value_share) })}</small>
            </button>
          </li>
        ))}
      </ul>
      <p className="soft small num">{t("rest", { count: data.known - data.placed })}</p>
    </section>
  )
}
