import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"

const source = join(import.meta.dirname, "../src")
const languages = ["zh", "en"] as const
type Lang = (typeof languages)[number]

const namesIn = (folder: string) => readdirSync(folder).sort()
const files = (lang: Lang) => namesIn(join(source, "locales", lang))

function flat(tree: object, at = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [[at + key, value] as [string, string]] : flat(value as object, `${at}${key}\n`),
  )
}

function words(lang: Lang, file: string): Map<string, string> {
  return new Map(flat(JSON.parse(readFileSync(join(source, "locales", lang, file), "utf8")) as object))
}

const base = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, "")
const bases = (table: Map<string, string>) => [...new Set([...table.keys()].map(base))].sort()
const holes = (text = "") => [...new Set(text.match(/\{\{\s*\w+/g) ?? [])].sort()

test("both languages have the same files", () => {
  expect(files("zh")).toEqual(files("en"))
})

test.each(files("zh"))("%s has the same keys in both languages", (file) => {
  expect(bases(words("zh", file))).toEqual(bases(words("en", file)))
})

test.each(files("zh"))("%s has every plural form that its language needs", (file) => {
  for (const lang of languages) {
    const table = words(lang, file)
    const counted = [...table.keys()].filter((key) => /_(one|other)$/.test(key))
    for (const key of counted) {
      for (const form of new Intl.PluralRules(lang).resolvedOptions().pluralCategories) {
        expect(table.has(`${base(key)}_${form}`), `${lang} ${base(key)}_${form}`).toBe(true)
      }
    }
  }
})

test.each(files("zh"))("%s has the same placeholders in both languages", (file) => {
  const en = words("en", file)
  for (const [key, text] of words("zh", file)) expect(holes(text), key).toEqual(holes(en.get(key)))
})

test.each(files("zh"))("%s is translated: no sentence is left in the other language", (file) => {
  for (const [key, text] of words("en", file)) {
    if (!/(^|\n)(language|zh)$/.test(key)) expect(text, key).not.toMatch(/[\u4e00-\u9fff]/)
  }
})

const components = (readdirSync(source, { recursive: true }) as string[]).filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"))

// Names of things that are the same in every language.
const allowed = new Set(["Shengeng", "深耕 Shengeng", "Asia/Shanghai", "CNY", "Ctrl K"])

function saidOutright(text: string): string[] {
  const inTags = [...text.matchAll(/>\s*([A-Za-z][A-Za-z ,.'-]{2,})\s*<\//g)].map((found) => found[1]!.trim())
  const inAttributes = [...text.matchAll(/\b(?:aria-label|placeholder|title|alt|label)="([^"{}]+)"/g)].map((found) => found[1]!)
  return [...inTags, ...inAttributes].filter((said) => !allowed.has(said))
}

test.each(components)("%s says nothing outright, in either language", (name) => {
  const text = readFileSync(join(source, name), "utf8")
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")
  expect(code.replaceAll("深耕", "").match(/[\u4e00-\u9fff]/g)).toBeNull()
  if (name.endsWith(".tsx")) expect(saidOutright(code)).toEqual([])
})

test("the guard against outright words catches one", () => {
  expect(saidOutright("<p>Hello there</p>")).toEqual(["Hello there"])
  expect(saidOutright('<input placeholder="Your name" />')).toEqual(["Your name"])
})

test("every key that a screen asks for by a plain name exists", () => {
  const common = words("zh", "common.json")
  const known = new Set([...common.keys()].map((key) => base(key).replaceAll("\n", ".")))
  const missing = components.flatMap((name) => {
    const text = readFileSync(join(source, name), "utf8")
    return [...text.matchAll(/\bt\("common:([\w.]+)"/g)].map((found) => found[1]!).filter((key) => !known.has(key))
  })
  expect(missing).toEqual([])
})
