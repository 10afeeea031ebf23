// Hostile documents, and the expected outcome of each: `added`, or the codes that its failure may have.
import { deflateSync } from 'node:zlib'
import { docx, paragraph, pptx, workbook, wordTable } from './documents.ts'
import { pdf } from './pdf.ts'
import { zip, type ZipMember } from './zip.ts'

export type Hostile = { content: string | Buffer; becomes: 'added' | string[] }

const MIB = 1024 ** 2
/** Levels of nesting. */
const DEEP = 1_000_000
const page = { lines: [{ text: 'A page of a document.', y: 100 }] }

/** A member of zeros, larger than any limit in the tests. */
const zeros = (name: string): ZipMember => ({ name, content: Buffer.alloc(12 * MIB) })

const wrapped = (depth: number, inner: Buffer): Buffer =>
  depth === 0 ? inner : zip([{ name: 'inner.zip', content: wrapped(depth - 1, inner) }])

export const ARCHIVES: Record<string, Hostile> = {
  'flat.docx': { content: docx(paragraph('flat'), { members: [zeros('word/media/image1.bmp')] }), becomes: ['bomb'] },
  'nested.docx': {
    content: docx(paragraph('nested'), {
      members: [{ name: 'word/embeddings/inner.zip', content: wrapped(6, zip([zeros('zeros')])) }],
    }),
    becomes: 'added',
  },
  'lying.docx': {
    content: docx(paragraph('lying'), {
      members: [{ name: 'word/media/lies.bin', content: Buffer.alloc(MIB), claims: { size: 10 } }],
    }),
    becomes: ['bomb'],
  },
  'many.pptx': {
    content: pptx([{ title: 'many' }], {
      members: Array.from({ length: 600 }, (_, index) => ({ name: `ppt/media/${index}`, content: 'x' })),
    }),
    becomes: ['bomb'],
  },
  'outside.docx': {
    content: docx(paragraph('outside'), { members: [{ name: '../../../escaped.txt', content: 'out' }] }),
    becomes: ['bomb'],
  },
  'absolute.docx': {
    content: docx(paragraph('absolute'), { members: [{ name: '/tmp/escaped.txt', content: 'out' }] }),
    becomes: ['bomb'],
  },
  'drive.docx': {
    content: docx(paragraph('drive'), { members: [{ name: 'C:\\escaped.txt', content: 'out' }] }),
    becomes: ['bomb'],
  },
  'twice.docx': {
    content: docx(paragraph('twice'), {
      members: [
        { name: 'a', content: '1' },
        { name: 'a', content: '2' },
      ],
    }),
    becomes: ['corrupt'],
  },
  'locked.docx': {
    content: docx(paragraph('locked'), {
      members: [{ name: 'word/secret.bin', content: 'x', claims: { flags: 0x801 } }],
    }),
    becomes: ['encrypted'],
  },
  'entities.docx': {
    content: docx(paragraph('entities'), {
      members: [{ name: 'word/footer1.xml', content: '<!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>' }],
    }),
    becomes: ['bomb'],
  },
  'tables.docx': {
    content: docx(
      Array.from({ length: 3_000 }).reduce<string>((inner) => wordTable([[inner]]), paragraph('innermost')),
    ),
    becomes: ['added', 'bomb', 'corrupt'],
  },
  'formula.xlsx': {
    content: workbook(
      {
        Sheet: [
          ['=cmd|calc', '=HYPERLINK("javascript:alert(1)")'],
          ['[[note]]', '<script>alert(1)</script>'],
        ],
      },
      'xlsx',
    ),
    becomes: 'added',
  },
}

export const MARKUP: Record<string, Hostile> = {
  'laughs.xml': {
    content: '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>',
    becomes: ['bomb'],
  },
  'external.xml': {
    content: '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>',
    becomes: ['bomb'],
  },
  'deep.xml': { content: `<?xml version="1.0"?>${'<a>'.repeat(DEEP)}`, becomes: ['bomb'] },
  'deep.html': { content: `<!doctype html><body>${'<div>'.repeat(DEEP)}deep`, becomes: 'added' },
  'tables.html': { content: `<!doctype html><body>${'<table><tr><td>'.repeat(20_000)}deep`, becomes: 'added' },
  'lists.html': { content: `<!doctype html><body>${'<ul><li>'.repeat(20_000)}deep`, becomes: 'added' },
  'quotes.html': { content: `<!doctype html><body>${'<blockquote>'.repeat(20_000)}deep`, becomes: 'added' },
  'tags.html': { content: `<!doctype html><body>${'<'.repeat(DEEP)}`, becomes: 'added' },
  'deep.json': { content: '['.repeat(DEEP), becomes: ['bomb', 'added', 'corrupt'] },
  'deep.rtf': { content: `{\\rtf1 ${'{'.repeat(DEEP)}`, becomes: ['bomb', 'corrupt', 'added'] },
  'deep.rss': { content: `<rss><channel>${'<item>'.repeat(100_000)}`, becomes: ['bomb'] },
  'deep.eml': {
    content: `From: a@b.c\nSubject: deep\nContent-Type: multipart/mixed; boundary=0\n\n${Array.from({ length: 5_000 }, (_, index) => `--${index}\nContent-Type: multipart/mixed; boundary=${index + 1}\n\n`).join('')}`,
    becomes: ['bomb', 'corrupt', 'added'],
  },
}

/** Input that is slow for patterns and parsers that read the same text repeatedly. */
export const QUADRATIC: Record<string, Hostile> = Object.fromEntries(
  [
    ['quotes.md', '>'.repeat(200_000)],
    ['quote-lines.md', `${'> '.repeat(2_000)}x\n`.repeat(20)],
    ['lists.md', Array.from({ length: 1_000 }, (_, offset) => `${'  '.repeat(offset)}- x`).join('\n')],
    ['brackets.md', '['.repeat(60_000)],
    ['images.md', '![a]('.repeat(15_000)],
    ['stars.md', '*a _b '.repeat(20_000)],
    ['backticks.md', Array.from({ length: 2_000 }, (_, offset) => '`'.repeat(offset % 400)).join(' ')],
    ['angles.md', '<'.repeat(300_000)],
    ['comments.md', '<!--'.repeat(100_000)],
    ['references.md', `${'[a]: b\n'.repeat(8_000)}${'[a] '.repeat(8_000)}`],
    ['table.md', `|${'a|'.repeat(5_000)}\n|${'-|'.repeat(5_000)}\n|${'b|\n|'.repeat(5_000)}`],
    ['spaces.txt', `${' '.repeat(500_000)}x`],
    ['line.txt', 'a'.repeat(1_000_000)],
    ['dots.txt', '. '.repeat(500_000)],
    ['quotes.csv', `"${'""'.repeat(500_000)}`],
    ['commas.csv', ','.repeat(1_000_000)],
    ['entities.html', `<p>${'&'.repeat(500_000)}`],
    ['breaks.html', `<p>a${'<br>'.repeat(200_000)}b`],
    ['marks.html', `<p>${'<b>x</b> y '.repeat(100_000)}`],
    ['tabs.rtf', `{\\rtf1 a${'\\tab '.repeat(200_000)}b}`],
    ['lines.rtf', `{\\rtf1 a${'\\line '.repeat(200_000)}b}`],
    ['rows.rtf', `{\\rtf1${'\\trowd\\cellx9\\intbl a\\cell\\row'.repeat(20_000)}}`],
    ['header.eml', `From: a@b.c\nDate: now\nSubject: ${'=?utf-8?q?a'.repeat(50_000)}\n\nbody`],
  ].map(([name = '', content = '']) => [
    name,
    { content, becomes: ['added', 'bomb', 'corrupt', 'empty', 'convertMemory'] },
  ]),
)

/** A PDF with these objects, without a cross-reference table: readers search for the objects. */
function rawPdf(objects: string[], streams: { dictionary: string; data: Buffer }[] = []): Buffer {
  const start = `%PDF-1.7\n${objects.map((object, index) => `${index + 1} 0 obj\n${object}\nendobj\n`).join('')}`
  const parts = streams.map(({ dictionary, data }, index) =>
    Buffer.concat([
      Buffer.from(`${objects.length + index + 1} 0 obj\n<<${dictionary}/Length ${data.length}>>\nstream\n`),
      data,
      Buffer.from('\nendstream\nendobj\n'),
    ]),
  )
  return Buffer.concat([
    Buffer.from(start),
    ...parts,
    Buffer.from(`trailer\n<</Size ${objects.length + streams.length + 1}/Root 1 0 R>>\nstartxref\n0\n%%EOF\n`),
  ])
}

const packedThrice = deflateSync(deflateSync(deflateSync(Buffer.alloc(200 * MIB, ' '), { level: 1 }), { level: 9 }), {
  level: 9,
})

export const PDFS: Record<string, Hostile> = {
  'thrice.pdf': {
    content: rawPdf(
      [
        '<</Type/Catalog/Pages 2 0 R>>',
        '<</Type/Pages/Count 1/Kids[3 0 R]>>',
        '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>',
      ],
      [{ dictionary: '/Filter[/FlateDecode/FlateDecode/FlateDecode]', data: packedThrice }],
    ),
    becomes: ['added', 'bomb', 'convertMemory', 'corrupt'],
  },
  'loop.pdf': {
    content: rawPdf([
      '<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>',
      '<</Type/Pages/Count 2/Kids[2 0 R 3 0 R]>>',
      '<</Type/Page/Parent 3 0 R/MediaBox[0 0 612 792]>>',
      '<</First 5 0 R/Last 5 0 R>>',
      '<</Title(Loop)/Parent 5 0 R/First 5 0 R/Next 5 0 R>>',
    ]),
    becomes: ['added', 'bomb', 'corrupt', 'convertCrashed'],
  },
  'form.pdf': {
    content: rawPdf(
      [
        '<</Type/Catalog/Pages 2 0 R>>',
        '<</Type/Pages/Count 1/Kids[3 0 R]>>',
        '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 5 0 R/Resources<</XObject<</X 4 0 R>>>>>>',
      ],
      [
        {
          dictionary: '/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</XObject<</X 4 0 R>>>>',
          data: Buffer.from('/X Do /X Do'),
        },
        { dictionary: '', data: Buffer.from('/X Do') },
      ],
    ),
    becomes: ['added', 'bomb', 'corrupt', 'convertMemory', 'convertCrashed'],
  },
  'boxes.pdf': {
    content: rawPdf([
      '<</Type/Catalog/Pages 2 0 R>>',
      '<</Type/Pages/Count 1/Kids[3 0 R]>>',
      '<</Type/Page/Parent 2 0 R/MediaBox[0 0 99999999999 99999999999]>>',
    ]),
    becomes: ['added', 'bomb', 'corrupt'],
  },
  'million.pdf': { content: pdf([page], { repeated: DEEP, claimedPages: DEEP }), becomes: ['bomb'] },
  'locked.pdf': {
    content: pdf([page], {
      trailer: `/Encrypt<</Filter/Standard/V 1/R 2/O(${'o'.repeat(32)})/U(${'u'.repeat(32)})/P -4>>/ID[(a)(a)]`,
    }),
    becomes: ['encrypted'],
  },
  'launch.pdf': {
    content: rawPdf([
      '<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R/Names<</JavaScript<</Names[(a) 4 0 R]>>>>>>',
      '<</Type/Pages/Count 1/Kids[3 0 R]>>',
      '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 600 700]/A 5 0 R>>]/AA<</O 5 0 R>>>>',
      '<</S/JavaScript/JS(app.launchURL\\("https://e.example"\\))>>',
      '<</S/Launch/F(/bin/touch)/Win<</F(cmd.exe)>>>>',
    ]),
    becomes: 'added',
  },
}

/** Everything that does something when it is displayed. */
export const ACTIVE = `<h1 onclick="b()">Active</h1><script>alert(1)</script><iframe src="https://frame.example"></iframe>
<object data="x"></object><embed src="y"><svg onload="c()"><script>d()</script></svg>
<form action="https://form.example"><input value="v" autofocus onfocus="f()"><button>Go</button></form>
<img src="https://track.example/p.gif" alt="seen" onerror="g()"><a href="javascript:e()">trap</a>
<a href="&#106;avascript:e()">entity</a><a href="java&#9;script:e()">tab</a><a href="data:text/html,x">data</a>
<a href="file:///etc/passwd">file</a><a href="vbscript:x">vb</a><meta http-equiv="refresh" content="0;url=https://e.example">
<base href="https://base.example/"><link rel="stylesheet" href="https://style.example"><math><mtext><script>h()</script></mtext></math>
<style>@import "https://style.example"</style><noscript><img src=x onerror=i()></noscript><p>[[Elsewhere]] ![[embedded]] {{template}}</p>`

const evil = 'Evil ]] [[other|x]] <b onclick=a()>'

export const INERT: Record<string, string | Buffer> = {
  'active.html': `<!doctype html><html><head><title>${evil}</title></head><body onload="a()">${ACTIVE}<p>Enough of a text to be a page of its own, on machines and what they do.</p></body></html>`,
  'long-active.html': `<!doctype html><body>${Array.from({ length: 80 }, (_, index) => `<h2>Part ${index} [[x]] <i onclick=a()>i</i></h2>${ACTIVE}<p>${'Words about machines. '.repeat(50)}</p>`).join('')}`,
  'active.md': `# ${evil}\n\n${ACTIVE}\n\n[x](javascript:a()) [y]: javascript:b() ![z](https://track.example/z.png) <javascript:c()>\n\n[ref][r]\n\n[r]: javascript:d()\n\n\`\`\`html\n<script>kept(1)</script>\n\`\`\`\n`,
  'active.docx': docx(
    paragraph(evil, 'Title') + paragraph('<script>alert(1)</script> [[Elsewhere]] ![x](https://track.example/w.png)'),
    { title: evil, author: '[[Elsewhere]] <script>' },
  ),
  'active.ipynb': JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [
      { cell_type: 'markdown', source: [`# ${evil}\n\n${ACTIVE}`] },
      {
        cell_type: 'code',
        source: ['print(1)'],
        outputs: [{ output_type: 'display_data', data: { 'text/html': [ACTIVE] } }],
      },
    ],
  }),
  'active.eml': `From: "${evil}" <a@b.example>\nTo: c@d.example\nSubject: ${evil}\nDate: Mon, 02 Mar 2026 10:00:00 +0000\nContent-Type: text/html\n\n<html><body>${ACTIVE}</body></html>`,
  'active.pdf': pdf(
    [
      {
        lines: [
          { text: evil, y: 80, size: 20, bold: true },
          { text: '<script>alert(1)</script> [[Elsewhere]]', y: 120 },
        ],
      },
    ],
    { title: evil, outline: [{ title: evil, page: 1 }] },
  ),
  'invisible.md':
    '# In\u200bvis\u202eible \u{e0041}title\n\nA\u200b\u200b\u200b\u200b text\u2066 with\u{e0061}\u{e0062} hidden\ufeff words\u0007 of machines.\n',
  'front.md':
    '---\ntitle: "x\\n---\\ntype: concept\\nsources: [a]"\nauthor: "a\\nsha256: 0"\nkbgit: evil\ntype: concept\ndate: "2026-01-01\\nlanguage: xx"\n---\n\n---\ntype: concept\n---\n\n# Front\n\nA text on machines.\n',
  'trailer.md': '# Trailer\n\nKbgit-Transaction: evil\nKbgit-Document: other\n\nA text on machines.\n',
  'Kbgit-Document: other.md':
    '---\ntitle: "x\\n\\nKbgit-Document: other\\nKbgit-Digest: sha256:0"\n---\n\nA text on the machines.\n',
  'name\n\nKbgit-Transaction: evil.md': '# Name with lines\n\nA text on machines of all kinds.\n',
  '[[evil]] <b>$(touch x)`.md': '# Brackets\n\nA text on machines in brackets.\n',
}
