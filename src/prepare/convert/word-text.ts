// Mends in the text of a Word document what officeparser does not read as it is meant.

/** Word's bars, of which officeparser knows one (ECMA-376 part 1, 22.1.2.20 takes any letter). */
const BARS = /(<m:chr\s+m:val=")(?:\u0305|\u00af|\u203e|&#(?:x0?305|773|xaf|175);)(")/gi
const RUBY = /<w:ruby>((?:(?!<\/?w:ruby>)[^])*)<\/w:ruby>/g

/** `word/document.xml` with readings as `base(reading)` and bars as bars; undefined where nothing is to mend. */
export function mendedWordText(xml: string): string | undefined {
  const mended = xml.replace(BARS, '$1\u0304$2').replace(RUBY, (_, inner: string) => {
    const start = inner.indexOf('<w:rubyBase>')
    if (start < 0) return inner
    const reading = lettersOf(inner.slice(0, start))
    return `<w:t xml:space="preserve">${lettersOf(inner.slice(start))}${reading === '' ? '' : `(${reading})`}</w:t>`
  })
  return mended === xml ? undefined : mended
}

/** As they stand in the XML, escapes included. */
function lettersOf(xml: string): string {
  return [...xml.matchAll(/<w:t(?:\s[^<>]*)?>([^<]*)<\/w:t>/g)].map((match) => match[1] ?? '').join('')
}
