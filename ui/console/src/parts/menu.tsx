import { useEffect, useRef, useState, type ReactNode } from "react"
import { Button } from "antd"

export type MenuItem = { key: string; label: ReactNode; run?: () => void; checked?: boolean; lang?: string }

type Props = { label: ReactNode; name?: string; items: MenuItem[]; size?: "small" | "middle"; type?: "text" | "default"; keep?: boolean }

/** A small menu of actions under a button; arrow keys, Escape and a click elsewhere behave as expected. */
export function Menu({ label, name, items, size = "small", type = "text", keep = false }: Props) {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!open) return
    box.current?.querySelector<HTMLElement>("[role^=menuitem]")?.focus()
    const away = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false)
    }
    addEventListener("pointerdown", away)
    return () => removeEventListener("pointerdown", away)
  }, [open])
  const onKey = (event: React.KeyboardEvent) => {
    if (!open) return
    const all = [...(box.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])]
    const at = all.indexOf(document.activeElement as HTMLElement)
    if (event.key === "Escape") {
      setOpen(false)
      box.current?.querySelector("button")?.focus()
    } else if (event.key === "ArrowDown") all[(at + 1) % all.length]?.focus()
    else if (event.key === "ArrowUp") all[(at - 1 + all.length) % all.length]?.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const choose = (item: MenuItem) => {
    if (!keep) setOpen(false)
    item.run?.()
  }
  return (
    <div className="menu" ref={box} onKeyDown={onKey}>
      <Button size={size} type={type} aria-haspopup="menu" aria-expanded={open} aria-label={name} onClick={() => setOpen(!open)}>
        {label}
      </Button>
      {open && (
        <div role="menu" className="menulist">
          {items.map((item) => (
            <button
              key={item.key}
              type="button"
              role={item.checked === undefined ? "menuitem" : "menuitemcheckbox"}
              aria-checked={item.checked}
              lang={item.lang}
              tabIndex={-1}
              onClick={() => choose(item)}
            >
              {item.checked !== undefined && <span aria-hidden>{item.checked ? "\u2713" : "\u2007"}</span>}
              {item.label}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
