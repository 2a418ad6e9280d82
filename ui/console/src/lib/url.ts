import { useCallback, useMemo } from "react"
import { useSearchParams } from "react-router"

/** A word from the address, if it is one of ours. */
export function oneOf<T extends string>(value: string, words: readonly T[]): T | undefined {
  return words.find((word) => word === value)
}

/** State in the address: defaults are left out, so a plain screen has a plain link. */
export function useUrl<T extends Record<string, string>>(defaults: T) {
  const [params, setParams] = useSearchParams()
  const known = JSON.stringify(defaults)
  const state = useMemo(() => {
    const start = JSON.parse(known) as T
    const entries = Object.entries(start).map(([key, value]) => [key, params.get(key) ?? value])
    return Object.fromEntries(entries) as T
  }, [known, params])
  const set = useCallback(
    (patch: Partial<T>, replace = false) => {
      const start = JSON.parse(known) as T
      setParams(
        (old) => {
          const next = new URLSearchParams(old)
          for (const [key, value] of Object.entries(patch)) {
            if (value === undefined || value === start[key]) next.delete(key)
            else next.set(key, value)
          }
          return next
        },
        { replace, preventScrollReset: true },
      )
    },
    [known, setParams],
  )
  return [state, set] as const
}
