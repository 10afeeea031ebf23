// How HTML elements matter to a reader of text.

/** Elements without content. */
export const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '))

/** Not text of the page: definitions, programs, controls, drawings and media. */
export const SKIPPED = new Set(
  `template svg canvas audio video object applet select datalist rp noscript title textarea script style iframe frameset
noframes noembed dialog map`.split(/\s+/),
)

/** Inline elements; everything else begins and ends a block. */
export const INLINE = new Set(
  `a abbr acronym b bdi bdo big button cite code data del dfn em font i ins kbd label mark output q rb rt ruby s samp small span
strike strong sub sup textpath time tspan tt u var`.split(/\s+/),
)

/** What an element closes when it opens, up to the nearest of the second list. */
export const CLOSES: Record<string, [string[], string[]]> = {
  li: [['li'], ['ul', 'ol', 'menu']],
  dt: [['dt', 'dd'], ['dl']],
  dd: [['dt', 'dd'], ['dl']],
  tr: [['tr', 'td', 'th'], ['table']],
  td: [
    ['td', 'th'],
    ['table', 'tr'],
  ],
  th: [
    ['td', 'th'],
    ['table', 'tr'],
  ],
}

/** Adjacent controls are separated only by their frames: their words are separate. */
export const SPACED = new Set(['button', 'label'])

/** Adjacent, these are mostly items of a row and rarely parts of one word. */
export const ROW = new Set(['a', 'span', 'time', 'small'])

/** Whether the attributes of an element make it invisible or purely decorative. Formulas are. */
export function isHidden(name: string, attributes: string): boolean {
  if (!/hidden|display\s*:/i.test(attributes) || name === 'math' || /\bdata-latex\b/i.test(attributes)) return false
  // Values of other attributes may say anything.
  const own = attributes.replace(/([^\s=]+)\s*=\s*(?:"[^"]*"|'[^']*')/g, (whole, key: string) =>
    /^(?:style|hidden|aria-hidden)$/i.test(key) ? whole : key,
  )
  return (
    /(?:^|\s)hidden(?!\s*=\s*["']?(?:false|until)|-|\w)/i.test(own) ||
    /(?:^|\s)aria-hidden\s*=\s*["']?true/i.test(own) ||
    /(?:^|\s)style\s*=[^>]*?display\s*:\s*none/i.test(own)
  )
}
