import { useTranslation } from "react-i18next"
import { useFormats } from "../../../lib/i18n"
import type { Personas } from "../../../lib/shapes"
import { usePersonaWords } from "./words"

const SIZE = 320
const EDGE = 34

/** Scenes on a plane: near means alike, a larger disc more customers. The list beside it says the same in words. */
export function SceneMap({ data, chosen, onChoose }: { data: Personas; chosen: string; onChoose(id: string): void }) {
  const { t } = useTranslation("personas")
  const { name } = usePersonaWords()
  const most = Math.max(1, ...data.personas.map((row) => row.customers))
  const at = (value: number) => EDGE + ((value + 1) / 2) * (SIZE - 2 * EDGE)
  return (
    <section className="sheet pad" aria-labelledby="scenemap">
      <h2 id="scenemap">{t("map")}</h2>
      <p className="soft small">{t("mapLead")}</p>
      <svg className="scenemap" viewBox={`0 0 ${SIZE} ${SIZE}`} aria-hidden>
        {data.personas.map((row, place) => (
          <g key={row.persona_id} className={row.persona_id === chosen ? "on" : ""} onClick={() => onChoose(row.persona_id)}>
            <title>{name(row)}</title>
            <circle cx={at(row.x)} cy={at(-row.y)} r={6 + 22 * Math.sqrt(row.customers / most)} />
            <text x={at(row.x)} y={at(-row.y) + 4}>
              {place + 1}
            </text>
          </g>
        ))}
      </svg>
    </section>
  )
}

/** How many customers are touched by two scenes at once; the diagonal is the scene itself. */
export function Overlap({ data, chosen }: { data: Personas; chosen: string }) {
  const { t } = useTranslation("personas")
  const f = useFormats()
  const { name } = usePersonaWords()
  const both = (one: Personas["personas"][number], other: string) =>
    one.persona_id === other ? one.touched : (one.near.find((near) => near.persona_id === other)?.both ?? 0)
  return (
    <section className="sheet pad" aria-labelledby="overlap">
      <h2 id="overlap">{t("overlap")}</h2>
      <p className="soft small">{t("overlapLead")}</p>
      <div className="dscroll" tabIndex={0} role="region" aria-label={t("overlap")}>
        <table className="plaintable overlap">
          <thead>
            <tr>
              <th scope="col">{t("scene")}</th>
              {data.personas.map((row, place) => (
                <th key={row.persona_id} scope="col" className="r num" title={name(row)}>
                  {place + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.personas.map((row, place) => (
              <tr key={row.persona_id} className={row.persona_id === chosen ? "on" : ""}>
                <th scope="row">
                  <span className="num soft">{place + 1}</span> {name(row)}
                </th>
                {data.personas.map((other) => {
                  const count = both(row, other.persona_id)
                  const own = row.persona_id === other.persona_id
                  return (
                    <td key={other.persona_id} className={own ? "r num own" : "r num"}>
                      {!own && count > 0 && <i style={{ opacity: 0.35 * (count / Math.max(1, row.touched)) }} aria-hidden />}
                      <span>{f.whole(count)}</span>
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
