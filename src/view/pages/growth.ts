// Growth as a small chart: documents over days, drawn as SVG.
import { html, NOTHING, type Html } from '../html.ts'
import type { GrowthPoint } from '../load/home.ts'
import { day } from './shell.ts'
import { counted } from './words.ts'

const WIDTH = 240
const HEIGHT = 56
const DAY_MS = 86_400_000

export function growthChart(points: readonly GrowthPoint[]): Html {
  const [first] = points
  const last = points.at(-1)
  if (first === undefined || last === undefined) return NOTHING
  const summary =
    first === last
      ? `${counted(last.documents, 'document')}, all added on ${day(last.day)}.`
      : `From ${first.documents} on ${day(first.day)} to ${counted(last.documents, 'document')} on ${day(last.day)}.`
  if (first === last) return html`<p class="meta">${summary}</p>`
  return html`<figure class="growth">
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${summary}" preserveAspectRatio="none">
      <path class="area" d="${line(points)} V ${HEIGHT} H 0 Z" />
      <path class="line" d="${line(points)}" />
    </svg>
    <figcaption class="meta">${summary}</figcaption>
  </figure>`
}

/** A step for each day: the number stays until the next document. */
function line(points: readonly GrowthPoint[]): string {
  const times = points.map((point) => Date.parse(point.day))
  const from = times[0] ?? 0
  const span = Math.max(DAY_MS, (times.at(-1) ?? 0) - from)
  const most = Math.max(...points.map(({ documents }) => documents))
  const steps = points.map(({ documents }, index) => {
    const x = ((((times[index] ?? 0) - from) / span) * WIDTH).toFixed(1)
    const y = (HEIGHT - 2 - (documents / most) * (HEIGHT - 4)).toFixed(1)
    return index === 0 ? `M ${x} ${y}` : `H ${x} V ${y}`
  })
  return `${steps.join(' ')} H ${WIDTH}`
}
