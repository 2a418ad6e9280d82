import { useQuery } from "@tanstack/react-query"
import { useCallback } from "react"
import { useTranslation } from "react-i18next"
import { asks } from "./asks"

type Words = { zh: string; en: string }

/** A text kept in both languages, in the reader's. */
export function useWords() {
  const { i18n } = useTranslation()
  const zh = i18n.language === "zh"
  return useCallback((words: Words) => (zh ? words.zh || words.en : words.en || words.zh), [zh])
}

/** The name of a place by its key. */
export function usePlaceName() {
  const places = useQuery(asks.places()).data
  const text = useWords()
  return useCallback(
    (key: string) => {
      const place = places?.find((one) => one.location_id === key)
      return place ? text(place.name) : key
    },
    [places, text],
  )
}
