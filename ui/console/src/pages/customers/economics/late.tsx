import { useEffect, useState, type ComponentType } from "react"

type Props<P> = P & { load(): Promise<{ default: ComponentType<P> }> }

/** A chart fetched in an effect: a late Suspense boundary would be held back by 300 ms. */
export function Late<P extends object>({ load, ...rest }: Props<P>) {
  const [Ready, setReady] = useState<ComponentType<P> | null>(null)
  useEffect(() => {
    void load().then((module) => setReady(() => module.default))
  }, [load])
  return Ready ? <Ready {...(rest as unknown as P)} /> : <div className="chart" />
}
