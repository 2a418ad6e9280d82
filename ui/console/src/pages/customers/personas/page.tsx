import { useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useTranslation } from "react-i18next"
import { useNavigate } from "react-router"
import { useFormats } from "../../../lib/i18n"
import { ask } from "../../../lib/queries"
import type { Personas } from "../../../lib/shapes"
import { useUrl } from "../../../lib/url"
import { Blank, Bones } from "../../../parts/blank"
import { Term } from "../../../parts/explain"
import { Trouble } from "../../../parts/trouble"
import "../../../styles/personas.css"
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
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{t("title")}</h1>
          <p className="lead num">
            {data?.as_of && data.personas.length > 0
              ? t("lead", { count: data.personas.length, placed: f.whole(data.placed), known: f.whole(data.known), day: f.day(data.as_of) })
              : "\u00a0"}
          </p>
        </div>
      </div>
      {found.error ? (
        <Trouble error={found.error} onRetry={() => void found.refetch()} />
      ) : !data ? (
        <section className="sheet">
          <Bones rows={8} height={48} />
        </section>
      ) : chosen ? (
        <>
          <div className="two">
            <Scenes data={data} chosen={chosen.persona_id} onChoose={(persona) => setUrl({ persona })} />
            <SceneMap data={data} chosen={chosen.persona_id} onChoose={(persona) => setUrl({ persona })} />
          </div>
          <PersonaCard key={chosen.persona_id} row={chosen} all={data} />
          <Overlap data={data} chosen={chosen.persona_id} />
        </>
      ) : (
        <Nothing />
      )}
    </div>
  )
}

function Nothing() {
  const { t } = useTranslation("personas")
  const go = useNavigate()
  const action = (
    <Button type="primary" onClick={() => void go("/data")}>
      {t("toData")}
    </Button>
  )
  return (
    <section className="sheet">
      <Blank title={t("empty")} actions={action}>
        {t("emptyWhy")}
      </Blank>
    </section>
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
