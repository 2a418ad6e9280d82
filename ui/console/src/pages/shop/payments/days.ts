export const day = 86_400_000
/** The reader's own midnight at the beginning of a day, or of one after it. */
export function midnight(iso: string, after = 0): string {
  const at = new Date(`${iso}T00:00:00`)
  at.setDate(at.getDate() + after)
  return at.toISOString()
}
const pad = (value: number) => String(value).padStart(2, "0")
/** A moment's day on the reader's own calendar. */
export function localDay(iso: string, shift = 0): string {
  const at = new Date(Date.parse(iso) + shift)
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
}
/** The last day before a moment that ends a time. */
export const lastDay = (iso: string) => localDay(iso, -1)
