import { Input } from "antd"
import { useEffect, useState } from "react"

type Props = { label: string; placeholder: string; value: string; onChange(value: string): void; width?: number }

/** A field that filters while somebody types, a breath after the last letter. */
export function Search({ label, placeholder, value, onChange, width = 220 }: Props) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return
    const wait = setTimeout(() => onChange(text), 220)
    return () => clearTimeout(wait)
  }, [text, value, onChange])
  return (
    <Input
      aria-label={label}
      placeholder={placeholder}
      value={text}
      allowClear
      onChange={(event) => setText(event.target.value)}
      style={{ width }}
    />
  )
}
