import { useQuery } from "@tanstack/react-query"
import { asks } from "./asks"
import { useWords } from "./words"

/** Every place as the options of a choice. */
export function usePlaceChoices() {
  const text = useWords()
  const places = useQuery(asks.places()).data ?? []
  return places.map((place) => ({ value: place.location_id, label: text(place.name) }))
}
