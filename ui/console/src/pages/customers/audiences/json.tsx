import { Button } from "antd"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { useNotices } from "../../../lib/notices"
import { definitionIn, type Definition } from "./language"
import type { Wrong } from "./preview"

const written = (definition: Definition) => JSON.stringify(definition, null, 2)
const same = (text: string, definition: Definition) => {
  const read = definitionIn(text)
  return read !== null && JSON.stringify(read) === JSON.stringify(definition)
}

/** The definition as text: what is typed here is the builder's as soon as it is a definition. */
export function JsonCard({ definition, wrong, onChange }: { definition: Definition; wrong: Wrong | undefined; onChange(definition: Definition): void }) {
  const { t } = useTranslation("audiences")
  const { message } = useNotices()
  const [text, setText] = useState(() => written(definition))
  const bad = definitionIn(text) === null
  // A step back or a change elsewhere is written anew; what is being typed is left as it is.
  useEffect(() => setText((old) => (same(old, definition) ? old : written(definition))), [definition])
  const type = (next: string) => {
    setText(next)
    const read = definitionIn(next)
    if (read) onChange(read)
  }
  const copy = () => void navigator.clipboard.writeText(text).then(() => message.success(t("jsonCopied")))
  return (
    <section className="sheet pad" aria-label={t("json")}>
      <div className="shead">
        <p className="soft small">{t("jsonHelp")}</p>
        <Button size="small" onClick={copy}>
          {t("jsonCopy")}
        </Button>
      </div>
      <textarea className="json" aria-label={t("jsonLabel")} aria-invalid={bad || !!wrong} spellCheck={false} rows={24} value={text} onChange={(event) => type(event.target.value)} />
      {(bad || wrong) && (
        <p className="wrong" role="alert">
          {bad ? t("jsonBad") : `${t("wrongAt", { path: wrong?.at })}: ${wrong?.message}`}
        </p>
      )}
    </section>
  )
}
