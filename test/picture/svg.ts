// Shared by both pictures: text that is safe in SVG, and a window around it.

/** Pixels. */
const BAR = 36

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

type Window = {
  title: string
  /** The text alternative for screen readers. */
  description: string
  /** Of the content, in pixels. */
  width: number
  height: number
  colours: { bar: string; title: string; background: string; border: string }
  /** CSS. */
  style: string
  content: string
}

/** A complete SVG: a window with a title bar, and the content below the bar. */
export function windowAround({ title, description, width, height, colours, style, content }: Window): string {
  const total = height + BAR
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${total}" viewBox="0 0 ${width} ${total}" role="img" aria-label="${escaped(description)}">
<style>
.title { font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: ${colours.title}; text-anchor: middle }
${style}
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${total - 1}" rx="8" fill="${colours.background}" stroke="${colours.border}"/>
<path d="M1 ${BAR} V8.5 A7.5 7.5 0 0 1 8.5 1 H${width - 8.5} A7.5 7.5 0 0 1 ${width - 1} 8.5 V${BAR} Z" fill="${colours.bar}"/>
<circle cx="20" cy="18" r="6" fill="#ec6a5e"/><circle cx="40" cy="18" r="6" fill="#f4bf4f"/><circle cx="60" cy="18" r="6" fill="#61c554"/>
<text class="title" x="${width / 2}" y="23">${escaped(title)}</text>
<g transform="translate(0 ${BAR})">
${content}
</g>
</svg>
`
}
