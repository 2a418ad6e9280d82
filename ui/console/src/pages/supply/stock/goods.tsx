import { useWords } from "./words"

type Words = { zh: string; en: string }
type Called = { sku: string; title?: Words | null; choices?: Words[] }

/** What the catalogue calls a variant, with its choices; its sku where the catalogue has none. */
export function Goods({ of }: { of: Called }) {
  const text = useWords()
  if (!of.title) return <span className="skuname">{of.sku}</span>
  const choices = (of.choices ?? []).map(text).join(" \u00b7 ")
  return (
    <>
      {text(of.title)}
      {choices && <span className="soft"> {choices}</span>}
    </>
  )
}
