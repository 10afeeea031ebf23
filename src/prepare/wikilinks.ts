// Links between notes, as Obsidian and others write them, as Markdown: `[text](kbgit-link:3)`.
import { codeOf, isEscaped } from '../core/page/code-lines.ts'
import { follow } from '../core/page/formulas.ts'

/** Where links and pictures are looked up; see `SanitizeOptions`. */
type LinkOptions = {
  sibling?: ((address: string) => string | undefined) | undefined
  link?: ((target: string) => string | undefined) | undefined
}

/** Not before a bracket, where it would be the text of another link. */
const WIKILINK = /!?\[\[([^[\]\n]{1,1000})\]\](?!\()/g
const PICTURE = /\.(?:png|jpe?g|gif|webp|bmp|avif|svg)$/i
/** Between dollars that are not those of two prices. */
const FORMULA = /\$\$[^$]{1,4000}\$\$|\$(?=[^\s$])[^$\n]{0,1000}(?<=[^\s$])\$(?!\d)/g

/** The text with its wikilinks as Markdown, outside of code and formulas. Needs no parser, which long lists overtax. */
export function withoutWikilinks(text: string, options: LinkOptions): string {
  if (!text.includes('[[')) return text
  const inCode = follow(codeOf(text))
  const inFormula = follow(
    [...text.matchAll(FORMULA)].map(({ 0: all, index }) => ({ start: index, end: index + all.length })),
  )
  let result = ''
  let end = 0
  for (const { 0: whole, 1: inside = '', index } of text.matchAll(WIKILINK)) {
    const [code, formula] = [inCode(index), inFormula(index)]
    if (code || formula || isEscaped(text, index)) continue
    const markdown = wikilinkMarkdown(inside, options)
    if (markdown === undefined) continue
    result += text.slice(end, index) + markdown
    end = index + whole.length
  }
  return result + text.slice(end)
}

/** What is between double brackets: `Note#Heading|text`, or `picture.png|300`. */
function wikilinkMarkdown(inside: string, { link, sibling }: LinkOptions): string | undefined {
  const [target = '', ...shown] = inside.split(/\\?\|/).map((part) => part.trim())
  // A number is the size of a picture.
  const text = shown.findLast((part) => part !== '' && !/^\d+(?:x\d+)?$/.test(part)) ?? ''
  const [path = '', part = ''] = target.split(/#(.*)/s)
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.md$/i, '')
  if (PICTURE.test(path)) {
    // A plain link to a picture shows it too: the file is nowhere else in the base.
    const stored = sibling?.(path)
    const words = plainWords(text === '' ? name : text)
    return stored === undefined ? words : `![${words}](${stored})`
  }
  const headings = part.split('#').filter((one) => one !== '' && !/^\^|=/.test(one))
  const plain = [name, ...headings].map(plainWords).filter((one) => one !== '')
  const words = text !== '' ? plainWords(text) : plain.length > 0 ? plain.join(' > ') : plainWords(part)
  if (words === '') return undefined
  const address = link?.(target)
  return address === undefined ? words : `[${words}](${address})`
}

/**
 * The address of a relative link, which leads to a file in the same folder or elsewhere in what was added. A page with
 * an address of its own links to its site, except for notes.
 */
export function localLink(
  address: string,
  kind: 'keep' | 'absolute' | 'nowhere',
  { link }: LinkOptions,
): string | undefined {
  const bare = address.replace(/\?[^#]*/, '').trim()
  if (kind === 'absolute' && !/\.(?:md|markdown)(?:#|$)/i.test(bare)) return undefined
  if (bare === '' || /^(?:[a-z][a-z0-9+.-]*:|[/\\]{2})/i.test(bare)) return undefined
  const target = percentDecoded(bare)
  return link?.(/^(?:\.{0,2}\/|#)/.test(target) ? target : `./${target}`)
}

/** Text that is not read as Markdown. */
export function plainWords(text: string): string {
  return text
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(/[\\`*_[\]<>!|]/g, (mark) => (mark === '_' ? mark : `\\${mark}`))
    .trim()
}

function percentDecoded(address: string): string {
  try {
    return decodeURIComponent(address)
  } catch {
    return address
  }
}
