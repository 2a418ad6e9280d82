import { useId } from "react"

type Option = { value: string; label: string }
type Props = { label: string; value: string; options: Option[]; onChange(value: string): void; className?: string }

/** A choice among few, by the browser's own list: AntD's Select is a tenth of the first load. */
export function Choice({ label, value, options, onChange, className = "" }: Props) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)} className={`choice ${className}`}>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  )
}

/** One of a few, all in sight. */
export function Segments({ label, value, options, onChange, className = "" }: Props) {
  const name = useId()
  return (
    <div role="radiogroup" aria-label={label} className={`segments ${className}`}>
      {options.map((option) => (
        <label key={option.value}>
          <input type="radio" name={name} checked={option.value === value} onChange={() => onChange(option.value)} />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  )
}
