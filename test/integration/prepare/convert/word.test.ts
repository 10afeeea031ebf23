import { fromMarkdown } from 'mdast-util-from-markdown'
import { describe, expect, it } from 'vitest'
import { convert } from '../../../../src/prepare/convert/office.ts'
import { failureOf, gather } from '../../../support/convert.ts'
import { docx, odf, paragraph, png, wordTable } from '../../../support/documents.ts'

const word = (bytes: Uint8Array) => gather(convert, 'docx', bytes)
const odt = (bytes: Uint8Array) => gather(convert, 'odt', bytes)
const ITEM = (text: string, level: number, list = 1, style = '') =>
  `<w:p><w:pPr>${style === '' ? '' : `<w:pStyle w:val="${style}"/>`}<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${list}"/></w:numPr></w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`
const NUMBERING = ['bullet', 'decimal']
  .map(
    (kind, id) =>
      `<w:abstractNum w:abstractNumId="${id}">${[0, 1, 2].map((level) => `<w:lvl w:ilvl="${level}"><w:start w:val="1"/><w:numFmt w:val="${kind}"/></w:lvl>`).join('')}</w:abstractNum>`,
  )
  .concat(
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>',
  )
  .join('')

describe('a Word document', () => {
  it('has SmartArt as a list, nested as in its data', async () => {
    const point = (id: string, text: string): string =>
      `<dgm:pt modelId="${id}"><dgm:t><a:p><a:r><a:t>${text}</a:t></a:r></a:p></dgm:t></dgm:pt>`
    const link = (from: string, to: string, order: number): string =>
      `<dgm:cxn modelId="${from}${to}" srcId="${from}" destId="${to}" srcOrd="${order}"/>`
    const data = `<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><dgm:ptLst><dgm:pt modelId="0" type="doc"/>${point('1', 'Board')}${point('2', 'Harbour')}${point('3', 'Pilots')}</dgm:ptLst><dgm:cxnLst>${link('0', '1', 0)}${link('1', '3', 1)}${link('1', '2', 0)}</dgm:cxnLst></dgm:dataModel>`
    const frame =
      '<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/diagram"><dgm:relIds xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" r:dm="d1"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
    const { text, lost } = await word(
      docx(frame, {
        links: [{ id: 'd1', type: 'diagramData', target: 'diagrams/data1.xml' }],
        members: [{ name: 'word/diagrams/data1.xml', content: data }],
      }),
    )
    expect(text).toBe('- Board\n    - Harbour\n    - Pilots')
    expect(lost).toEqual([])
  })

  it('has headings by the outline level of its styles, whatever their names are', async () => {
    const styles =
      '<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>' +
      '<w:style w:type="paragraph" w:styleId="Absatz7"><w:name w:val="Kapitelchen"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>' +
      '<w:style w:type="paragraph" w:styleId="Erbe"><w:name w:val="Erbe"/><w:basedOn w:val="Absatz7"/></w:style>' +
      '<w:style w:type="paragraph" w:styleId="Textkrper"><w:name w:val="Body Text"/></w:style>'
    const body =
      paragraph('Einleitung', 'berschrift1') +
      paragraph('Größe & Maß', 'Absatz7') +
      paragraph('Geerbt', 'Erbe') +
      paragraph('Text.', 'Textkrper')
    expect((await word(docx(body, { styles }))).text).toBe('# Einleitung\n\n## Größe & Maß\n\n## Geerbt\n\nText.')
  })

  it('puts its headings below its title', async () => {
    const styles =
      '<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style><w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
    const { text, title } = await word(docx(paragraph('Report', 'Titel') + paragraph('One', 'H1'), { styles }))
    expect(text).toBe('# Report\n\n## One')
    expect(title).toBe('Report')
  })

  it('keeps numbered headings as headings and numbers its lists', async () => {
    const styles = '<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
    const body =
      ITEM('Chapter', 0, 2, 'H1') +
      ITEM('a', 0) +
      ITEM('b', 1) +
      ITEM('c', 0) +
      paragraph('then') +
      ITEM('one', 0, 2) +
      ITEM('two', 0, 2)
    expect((await word(docx(body, { styles, numbering: NUMBERING }))).text).toMatch(
      /^# Chapter\n\n- a\n {4}- b\n- c\n\nthen\n\n\d\. one\n\d\. two$/,
    )
  })

  it('starts each list over, even right after another', async () => {
    const body = ITEM('a', 0) + ITEM('one', 0, 2) + ITEM('two', 0, 2) + ITEM('first', 0, 3) + ITEM('b', 0)
    const numbering = `${NUMBERING}<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>`
    expect((await word(docx(body, { numbering }))).text).toBe('- a\n1. one\n2. two\n1) first\n- b')
  })

  it('writes tables, and nested tables below them', async () => {
    const inner = wordTable([[paragraph('x'), paragraph('y')]])
    const body = wordTable([
      [paragraph('A|B'), paragraph('C')],
      [paragraph('1') + paragraph('2'), `${inner}<w:p/>`],
    ])
    expect((await word(docx(body))).text).toBe(
      '| A\\|B | C |\n| --- | --- |\n| 1 2 | (table 1, below) |\n\n*Table 1, inside the table above:*\n\n| x | y |\n| --- | --- |',
    )
  })

  it('writes formulas as LaTeX', async () => {
    const fraction =
      '<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath>'
    const body = `<w:p><w:r><w:t xml:space="preserve">Let </w:t></w:r>${fraction}<w:r><w:t> be it.</w:t></w:r></w:p><w:p><m:oMathPara>${fraction}</m:oMathPara></w:p>`
    const { text } = await word(docx(body))
    expect(text).toMatch(/^Let \$\\frac\{?a\}?\{?b\}?\$ be it\.\n\n\$\$\n\\frac\{?a\}?\{?b\}?\n\$\$$/)
  })

  it('keeps only web links, and emphasis, footnotes and code', async () => {
    const styles = '<w:style w:styleId="HTML"><w:name w:val="HTML Preformatted"/></w:style>'
    const links = [
      { id: 'rWeb', type: 'hyperlink', target: 'https://example.org/a(b)', external: true },
      { id: 'rEvil', type: 'hyperlink', target: 'javascript:alert(1)', external: true },
    ]
    const body =
      '<w:p><w:hyperlink r:id="rWeb"><w:r><w:t>web</w:t></w:r></w:hyperlink><w:r><w:t xml:space="preserve"> and </w:t></w:r><w:hyperlink r:id="rEvil"><w:r><w:t>evil</w:t></w:r></w:hyperlink>' +
      '<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve"> bo</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>ld</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>' +
      paragraph('if (a < b) *x', 'HTML') +
      paragraph('  y()', 'HTML')
    const footnotes = '<w:footnote w:id="2"><w:p><w:r><w:t>See there.</w:t></w:r></w:p></w:footnote>'
    const { text } = await word(docx(body, { styles, links, footnotes }))
    expect(text).toBe(
      '[web](https://example.org/a%28b%29) and evil **bold**[^1]\n\n```\nif (a < b) *x\n  y()\n```\n\n[^1]: See there.',
    )
  })

  it('stores a picture once with its description', async () => {
    const drawing = (name: string) =>
      `<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="A [red] fox"/><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="${name}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`
    const picture = png()
    const links = [
      { id: 'rA', type: 'image', target: 'media/a.png' },
      { id: 'rB', type: 'image', target: 'media/b.png' },
    ]
    const members = [
      { name: 'word/media/a.png', content: picture },
      { name: 'word/media/b.png', content: picture },
    ]
    const { text, images } = await word(docx(drawing('rA') + drawing('rB'), { links, members }))
    expect(images).toEqual([new Uint8Array(picture)].map((bytes) => Buffer.from(bytes)))
    expect(text).toMatch(/^!\[A \\?\[red\\?\] fox\]\((kbgit-image:\w+\.png)\)\n\n!\[.*\]\(\1\)$/)
  })

  it('has its title, author and date', async () => {
    const { title, author, date } = await word(
      docx(paragraph('x'), { title: 'T', author: 'Åsa', created: '2024-03-15T05:45:00Z' }),
    )
    expect({ title, author, date }).toEqual({ title: 'T', author: 'Åsa', date: '2024-03-15T05:45:00.000Z' })
  })

  it('keeps every script, including right-to-left, and text that looks like Markdown', async () => {
    const texts = [
      'שלום עולם',
      'مرحبا',
      '日本語の文',
      '😀 emoji',
      '# no heading',
      '1. no list',
      '[a](b) <b>',
      '$5 and `x`',
    ]
    const { text } = await word(docx(texts.map((each) => paragraph(each)).join('')))
    const shown = fromMarkdown(text).children.map((block) =>
      block.type === 'paragraph'
        ? block.children.map((child) => (child.type === 'text' ? child.value : child.type)).join('')
        : block.type,
    )
    expect(shown).toEqual(texts)
  })

  it('may be empty', async () => {
    expect((await word(docx(''))).text).toBe('')
  })

  it('gives the same result each time', async () => {
    const bytes = docx(paragraph('one') + wordTable([[paragraph('a')], [paragraph('b')]]))
    expect(await word(bytes)).toEqual(await word(bytes))
  })

  it('separates superscripts, subscripts, ruby text and accents from the text they belong to', async () => {
    const run = (text: string, place?: string): string =>
      `<w:r>${place === undefined ? '' : `<w:rPr><w:vertAlign w:val="${place}"/></w:rPr>`}<w:t>${text}</w:t></w:r>`
    const ruby = `<w:r><w:ruby><w:rubyPr/><w:rt>${run('かん')}</w:rt><w:rubyBase>${run('漢')}</w:rubyBase></w:ruby></w:r>`
    const bar =
      '<m:oMath><m:acc><m:accPr><m:chr m:val="\u0305"/></m:accPr><m:e><m:r><m:t>x</m:t></m:r></m:e></m:acc></m:oMath>'
    const { text } = await word(
      docx(
        `<w:p>${run('10')}${run('−12', 'superscript')}${run(', V')}${run('max', 'subscript')}${run(', 4')}${run('th', 'superscript')}${run(', e')}${run('a+b', 'superscript')}${run(', ')}${ruby}${run(', ')}${bar}</w:p>`,
      ),
    )
    expect(text).toBe('10⁻¹², V_max, 4th, e^(a+b), 漢(かん), $\\bar{x}$')
  })

  it('has lists by paragraph style, and numbers as printed', async () => {
    const styles =
      '<w:style w:type="paragraph" w:styleId="LB"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>' +
      '<w:style w:type="paragraph" w:styleId="LB2"><w:name w:val="List Bullet 2"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    const legal =
      '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl><w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%3)"/></w:lvl></w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="7"/></w:num>'
    const body =
      paragraph('two lamps', 'LB') +
      paragraph('one green', 'LB2') +
      paragraph('then') +
      ITEM('Rent', 0, 7) +
      ITEM('It is due.', 1, 7) +
      ITEM('in March', 2, 7) +
      ITEM('Term', 0, 7)
    const { text, lost } = await word(docx(body, { styles, numbering: NUMBERING + legal }))
    expect(text).toBe(
      '- two lamps\n    - one green\n\nthen\n\n1. Rent\n    - 1.1 It is due.\n        - (a) in March\n2. Term',
    )
    expect(lost).toEqual([])
  })

  it('keeps non-breaking hyphens, symbols, form fields and text boxes, and omits hidden and deleted text', async () => {
    const run = (inner: string, properties = ''): string => `<w:r><w:rPr>${properties}</w:rPr>${inner}</w:r>`
    const box =
      '<w:p><w:r><w:t>anchor</w:t></w:r><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r><w:t>in the box</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>'
    const field =
      '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="1"/></w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    const link =
      '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "https://example.org/"</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>site</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    const body =
      `<w:p>${run('<w:t>1</w:t><w:noBreakHyphen/><w:t>24 hours</w:t>')}${run('<w:t> secret</w:t>', '<w:vanish/>')}<w:del>${run('<w:delText> gone</w:delText>')}</w:del>${run('<w:t xml:space="preserve"> </w:t>')}${run('<w:sym w:font="Symbol" w:char="F061"/>')}${run('<w:t xml:space="preserve"> </w:t>')}${field}${run('<w:t xml:space="preserve"> </w:t>')}${link}</w:p>` +
      box
    const { text, lost } = await word(docx(body))
    expect(text).toBe('1\u201124 hours α ☒ [site](https://example.org/)\n\nanchor\n\nin the box')
    expect(lost).toEqual([])
  })

  it('keeps comments as notes with their author, and notes that contain tables', async () => {
    const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    const comments = `<w:comments ${W}><w:comment w:id="0" w:author="Ann" w:date="2024-03-05T10:00:00Z">${paragraph('Ask Bo.')}</w:comment></w:comments>`
    const footnotes = `<w:footnote w:id="2">${paragraph('See:')}${wordTable([[paragraph('a'), paragraph('b')]])}</w:footnote>`
    const body =
      '<w:p><w:r><w:t>The fee</w:t></w:r><w:r><w:commentReference w:id="0"/></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    const { text, lost } = await word(
      docx(body, {
        footnotes,
        links: [{ id: 'rC', type: 'comments', target: 'comments.xml' }],
        members: [{ name: 'word/comments.xml', content: comments }],
      }),
    )
    expect(text).toBe(
      'The fee[^1][^2]\n\n[^1]: **Comment by Ann (2024-03-05):** Ask Bo.\n\n[^2]: See:\n\n    | a | b |\n    | --- | --- |',
    )
    expect(lost).toEqual([])
  })

  it('fails as corrupt if its text is not XML', async () => {
    const failure = await failureOf(word(docx('<w:p><w:r>')))
    expect(failure.code).toBe('corrupt')
    expect(failure.message).toContain('sample.docx')
  })

  it('survives endlessly nested elements', async () => {
    const deep = `${'<w:sdt><w:sdtContent>'.repeat(5_000)}${paragraph('x')}${'</w:sdtContent></w:sdt>'.repeat(5_000)}`
    const outcome = await word(docx(deep)).then(
      ({ text }) => text,
      (error: { failure?: { code: string } }) => error.failure?.code,
    )
    expect(['x', '', 'bomb', 'corrupt']).toContain(outcome)
  })
})

describe('an OpenDocument text', () => {
  it('has the text of embedded documents, and names embedded files in a note', async () => {
    const object = (name: string, element: string): string =>
      `<text:p><draw:frame><draw:${element} xlink:href="./${name}"/><draw:image xlink:href="./ObjectReplacements/${name}"/></draw:frame></text:p>`
    const inner = (body: string): string =>
      `<office:document-content><office:body>${body}</office:body></office:document-content>`
    const members = [
      { name: 'Object 1/content.xml', content: inner('<office:text><text:p>A memo within.</text:p></office:text>') },
      {
        name: 'Object 2/content.xml',
        content: inner(
          '<office:drawing><draw:page><draw:frame><draw:text-box><text:p>North quay</text:p></draw:text-box></draw:frame></draw:page></office:drawing>',
        ),
      },
      { name: 'Object 3', content: 'an old word processor wrote this' },
      { name: 'ObjectReplacements/Object 3', content: 'a picture' },
    ]
    const body = object('Object 1', 'object') + object('Object 2', 'object') + object('Object 3', 'object-ole')
    const { text, notes, lost } = await odt(odf('text', body, { members }))
    expect(text).toContain('A memo within.')
    expect(text).toContain('North quay')
    expect(notes).toEqual(['Not read: 1 embedded file (Object 3).'])
    expect(lost).toEqual([])
    const slides = await gather(convert, 'odp', odf('presentation', '<draw:page/>', { members: members.slice(2) }))
    expect(slides.notes).toEqual(['Not read: 1 embedded file (Object 3).'])
  })

  it('keeps title, headings, lists, tables, notes and links', async () => {
    const body =
      '<text:p text:style-name="P1">Report</text:p><text:h text:outline-level="2">Überschrift</text:h>' +
      '<text:p>See <text:a xlink:href="https://example.org">there</text:a><text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>Why.</text:p></text:note-body></text:note>.</text:p>' +
      '<text:list text:style-name="L1"><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>deep</text:p></text:list-item></text:list></text:list-item></text:list>' +
      '<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>'
    const automatic =
      '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/><text:list-style style:name="L1"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/></text:list-style>'
    const { text, title, author } = await odt(odf('text', body, { automatic, title: 'Meta', author: 'Bo' }))
    expect(text).toBe(
      '# Report\n\n### Überschrift\n\nSee [there](https://example.org)[^1].\n\n- one\n    - deep\n\n| a | b |\n| --- | --- |\n\n[^1]: Why.',
    )
    expect({ title, author }).toEqual({ title: 'Meta', author: 'Bo' })
  })

  it.each(['', '<office:automatic-styles/>', '<style:style style:name="S" style:family="text"/>'])(
    'keeps the bullets of lists without a style, with %j',
    async (automatic) => {
      const list = (style: string, inner: string): string =>
        `<text:list${style}><text:list-item><text:p>one</text:p>${inner}</text:list-item><text:list-item><text:p>two</text:p></text:list-item></text:list>`
      const numbers =
        '<text:list-style style:name="N"><text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style>'
      const { text } = await odt(
        odf('text', `${list('', list('', ''))}<text:p>Between.</text:p>${list(' text:style-name="N"', '')}`, {
          automatic,
          styles: numbers,
        }),
      )
      expect(text).toBe('- one\n    - one\n    - two\n- two\n\nBetween.\n\n1. one\n2. two')
    },
  )

  it('fails as encrypted if it needs a password', async () => {
    const manifest =
      '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    expect((await failureOf(odt(odf('text', '', { manifest })))).code).toBe('encrypted')
  })
})
