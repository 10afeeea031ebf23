// The front matter of a page, whole, as a list of keys and values.
import { html, NOTHING, type Html } from '../html.ts'

export function frontMatter(front: Readonly<Record<string, unknown>>): Html {
  const entries = Object.entries(front)
  if (entries.length === 0) return NOTHING
  return html`<details class="more front-matter">
    <summary>Front matter</summary>
    <dl class="facts">
      ${entries.map(
        ([key, value]) =>
          html`<dt><code>${key}</code></dt>
            <dd>${shown(value)}</dd>`,
      )}
    </dl>
  </details>`
}

/** Lists by commas, values in values as JSON. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.join(', ')
  return JSON.stringify(value) ?? ''
}
