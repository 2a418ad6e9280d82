/** A scale that is linear near zero and logarithmic far from it, so that small groups are not crushed and losses fit. */
export type Stretch = { min: number; max: number; ticks: number[]; to(value: number): number; back(place: number): number }

const steps = [1, 2, 5]

/** Round values between low and high: 0 and 1, 2, 5 times powers of ten on both sides. */
function candidates(low: number, high: number): number[] {
  const most = Math.max(Math.abs(low), Math.abs(high))
  const powers = Array.from({ length: 12 }, (_, back) => 10 ** (Math.floor(Math.log10(most || 1)) - back))
  const sizes = powers.flatMap((power) => steps.map((step) => step * power))
  const all = [0, ...sizes, ...sizes.map((size) => -size)]
  return all.filter((value) => value >= low && value <= high).sort((a, b) => Math.abs(b) - Math.abs(a))
}

export function stretch(values: number[], least = 0): Stretch {
  const sizes = values.map(Math.abs).sort((a, b) => a - b)
  const knee = Math.max(least, sizes[Math.floor(sizes.length * 0.3)] ?? 1, (sizes.at(-1) ?? 1) / 1000) || 1
  const to = (value: number) => Math.asinh(value / knee)
  const back = (place: number) => Math.sinh(place) * knee
  const low = Math.min(0, ...values)
  const high = Math.max(knee, ...values)
  const room = (to(high) - to(low)) * 0.04
  const min = low < 0 ? to(low) - room : 0
  const max = to(high) + room
  const ticks: number[] = []
  for (const value of [0, ...candidates(back(min), back(max))]) {
    const near = ticks.some((tick) => Math.abs(to(tick) - to(value)) < (max - min) * 0.11)
    if (!near) ticks.push(value)
  }
  return { min, max, ticks: ticks.sort((a, b) => a - b), to, back }
}
