// RTF as Word, LibreOffice and pandoc write it: what each construct becomes, and that no word is lost.
import { describe, expect, test } from 'vitest'
import { convert } from '../../../../src/prepare/convert/rtf.ts'
import { gather } from '../../../support/convert.ts'
import { png } from '../../../support/documents.ts'

const FONTS =
  '{\\fonttbl{\\f0\\froman\\fcharset0 Times New Roman;}{\\f1\\fcharset204 Arial;}{\\f2\\fcharset2 Symbol;}{\\f3\\fcharset128 MS Mincho;}}'
const STYLES =
  '{\\stylesheet{\\ql Normal;}{\\s1\\outlinelevel0 heading 1;}{\\s2\\sbasedon1 Kapitel;}{\\s3 Title;}{\\s4 Quote;}{\\s5 HTML Preformatted;}{\\*\\cs6 HTML Code;}}'

async function read(body: string, head = ''): Promise<string> {
  const { text, lost } = await gather(
    convert,
    'rtf',
    Buffer.from(`{\\rtf1\\ansi\\ansicpg1252\\deff0${FONTS}${STYLES}${head}\n${body}}`, 'latin1'),
  )
  expect(lost).toEqual([])
  return text
}

describe('characters', () => {
  test.each([
    ['by the code page', "caf\\'e9 \\'80", 'café €'],
    ['by the character set of a font', "{\\f1\\'cf\\'f0\\'e8}vet", 'Приvet'],
    ['of two bytes, the second of which may be a letter', "{\\f3\\'82\\'a0\\'83A}", 'あア'],
    ['of a symbol font', "{\\f2 a\\'b7} {\\f2\\u-3913?}", 'α• •'],
    ['in Unicode, with fallbacks of any length', "\\u8364\\'80 {\\uc2\\u8364 EU}R {\\uc0\\u8364}s", '€ €R €s'],
    ['beyond the first plane', '\\u-10179?\\u-8704?', '😀'],
    ['given twice', '{\\upr{caf?}{\\*\\ud{caf\\u233 ?}}}', 'café'],
    ['by name', '\\ldblquote a\\rdblquote\\emdash\\~\\bullet', '“a”—\u00a0•'],
    ['that are hyphens', 'co\\_op un\\-seen', 'co\u2011op unseen'],
    ['escaped', 'a\\{b\\}\\\\c', 'a{b}\\c'],
  ])('%s', async (_, body, shown) => {
    expect(await read(`\\pard ${body}\\par`)).toBe(shown)
  })

  test('of the code page of a whole document', async () => {
    const file = (head: string, bytes: string): Promise<{ text: string }> =>
      gather(convert, 'rtf', Buffer.from(`{\\rtf1${head} ${bytes}\\par}`, 'latin1'))
    expect((await file('\\pc', "\\'81\\'9b")).text).toBe('ü¢')
    expect((await file('\\mac', "\\'8a")).text).toBe('ä')
    expect((await file('\\ansi\\ansicpg1251', 'Привет'.replace(/./g, (c) => `\\'${(c.charCodeAt(0) - 0x350).toString(16)}`))).text).toBe('Привет') // prettier-ignore
  })
})

test('bytes of binary data are not text', async () => {
  expect(await read('\\pard a{\\*\\blob\\bin5 {}}\\x}b\\par')).toBe('ab')
})

describe('paragraphs', () => {
  test('are headings by style, by the style it is based on, or by outline level', async () => {
    expect(
      await read(
        '\\pard\\s1 One\\par\\pard\\s2 Two\\par\\pard\\outlinelevel2 Three\\par\\pard\\outlinelevel9 Text\\par',
      ),
    ).toBe('# One\n\n# Two\n\n### Three\n\nText')
  })

  test('are one level deeper below a title', async () => {
    expect(await read('\\pard\\s3 The title\\par\\pard\\s1\\b One\\par')).toBe('# The title\n\n## One')
  })

  test('are headings by size if nothing else marks any', async () => {
    const text = 'Text of some length. '.repeat(3).trim()
    expect(await read(`\\pard\\fs40 Big\\par\\pard\\fs24 ${text}\\par\\pard\\fs30 Less\\par\\fs24 ${text}\\par`)).toBe(
      `# Big\n\n${text}\n\n## Less\n\n${text}`,
    )
  })

  test('may be quotations or code', async () => {
    expect(
      await read('\\pard\\s4 said\\par\\pard\\s5   if x:\\par\\pard\\s5\\tab    y\\par\\pard a {\\cs6 x*y} b\\par'),
    ).toBe('> said\n\n```\n  if x:\n\t   y\n```\n\na `x*y` b')
  })

  test('keep emphasis, links, raised letters and line breaks', async () => {
    expect(
      await read(
        '\\pard {\\b bold} {\\i it}{\\i alic} {\\strike gone} x{\\super 2} H{\\sub 2}O\\line next {\\field{\\*\\fldinst{HYPERLINK "https://example.org/a"}}{\\fldrslt{\\ul there}}}\\par',
      ),
    ).toBe('**bold** *italic* ~~gone~~ x² H₂O\\\nnext [there](https://example.org/a)')
  })

  test('need no mark at the end, and end with a section', async () => {
    expect(await read('\\pard one\\sect two')).toBe('one\n\ntwo')
  })

  test('show what fields show', async () => {
    expect(
      await read(
        '\\pard page {\\field{\\*\\fldinst PAGE}{\\fldrslt 7}} {\\field{\\*\\fldinst SYMBOL 183 \\\\f "Symbol"}{\\fldrslt}} {\\field{\\*\\fldinst FORMCHECKBOX {\\*\\formfield{\\fftype1\\ffres1\\ffdefres0{\\*\\ffname c}}}}{\\fldrslt}}\\par',
      ),
    ).toBe('page 7 • ☒')
  })

  test('omit headers, footers and marks', async () => {
    expect(
      await read('{\\header Confidential\\par}{\\footerf 1\\par}\\pard {\\*\\bkmkstart x}Text{\\xe entry}\\par'),
    ).toBe('Text')
  })

  test('have formulas as LaTeX', async () => {
    expect(
      await read(
        '\\pard so {\\mmath{\\*\\moMath{\\msSup{\\me{\\mr x}}{\\msup{\\mr 2}}}{\\mf{\\mfPr{\\mtype bar}}{\\mnum{\\mr a}}{\\mden{\\mr b}}}}} is\\par',
      ),
    ).toBe('so $x^{2} \\frac{a}{b}$ is')
  })
})

describe('lists', () => {
  const level = (format: number, text: string): string =>
    `{\\listlevel\\levelnfc${format}\\levelstartat1{\\leveltext${text};}{\\levelnumbers;}}`
  const TABLE = `{\\*\\listtable{\\list${level(0, "\\'02\\'00.")}${level(0, "\\'03\\'00.\\'01")}{\\listname ;}\\listid7}{\\list${level(23, "\\'01\\u8226 ?")}${level(23, '-')}\\listid8}}{\\*\\listoverridetable{\\listoverride\\listid7\\ls1}{\\listoverride\\listid8\\ls2}}`

  test('are as printed', async () => {
    expect(
      await read(
        '\\pard{\\listtext 1.\\tab}\\ls1 one\\par{\\listtext a)\\tab}\\pard\\ls1\\ilvl1 inner\\par{\\listtext 2.\\tab}\\pard\\ls1 two\\par\\pard after\\par',
        TABLE,
      ),
    ).toBe('1. one\n    - a) inner\n2. two\n\nafter')
  })

  test('are counted if nothing is printed', async () => {
    expect(
      await read(
        '\\pard\\ls1 one\\par\\pard\\ls1\\ilvl1 inner\\par\\pard\\ls1 two\\par\\pard\\ls2 dot\\par\\pard\\ls2\\ilvl1 in dot\\par',
        TABLE,
      ),
    ).toBe('1. one\n    - 1.1 inner\n2. two\n- dot\n    - in dot')
  })

  test('of old programs have their levels by indent', async () => {
    const item = (label: string, indent: number, text: string): string =>
      `{\\pntext ${label}\\tab}\\pard{\\*\\pn\\pnlvlbody}\\li${indent}\\fi-360 ${text}\\par`
    expect(await read(item("\\'b7", 720, 'a') + item("\\'b7", 1440, 'b') + item("\\'b7", 720, 'c'))).toBe(
      '- a\n    - b\n- c',
    )
    expect(await read(item('1.', 720, 'a') + item('2.', 720, 'b') + item('1.', 720, 'c'))).toBe('1. a\n2. b\n1) c')
  })

  test('of pandoc begin with their number and a tab', async () => {
    expect(
      await read(
        '{\\pard \\li360 \\fi-360 1.\\tx360\\tab one\\par}{\\pard \\li720 \\fi-360 \\endash \\tx360\\tab in\\par}',
      ),
    ).toBe('1. one\n    - in')
  })
})

describe('tables', () => {
  const row = (cells: string[], edges: number[]): string =>
    `\\trowd${edges.map((edge) => `\\cellx${edge}`).join('')}\\pard\\intbl ${cells.map((cell) => `${cell}\\cell `).join('')}\\row`

  test('have their rows and columns, and text after them', async () => {
    expect(await read(`${row(['a', 'b|c'], [1000, 2000])}${row(['1', ''], [1000, 2000])}\\pard end\\par`)).toBe(
      '| a | b\\|c |\n| --- | --- |\n| 1 |  |\n\nend',
    )
  })

  test('have cells over several columns', async () => {
    expect(
      await read(row(['wide'], [3000]) + row(['a', 'b', 'c'], [1000, 2000, 3000]) + row(['d', 'ef'], [1010, 3000])),
    ).toBe('| wide |  |  |\n| --- | --- | --- |\n| a | b | c |\n| d | ef |  |')
  })

  test('inside cells are below', async () => {
    const nested =
      '\\pard\\intbl\\itap2 x\\nestcell y\\nestcell{\\*\\nesttableprops\\trowd\\cellx500\\cellx900\\nestrow}{\\nonesttables\\par}\\pard\\intbl before\\cell other\\cell\\row'
    expect(await read(`\\trowd\\cellx1000\\cellx2000 ${nested}\\pard end\\par`)).toBe(
      '| before (table 1, below) | other |\n| --- | --- |\n\n*Table 1, inside the table above:*\n\n| x | y |\n| --- | --- |\n\nend',
    )
  })

  test('that are cut off keep their words', async () => {
    expect(await read('\\trowd\\cellx1000\\pard\\intbl a\\cell b\\par c')).toBe('| a | b c |\n| --- | --- |')
  })
})

test('notes are linked with their calls, comments have their author and date', async () => {
  expect(
    await read(
      '\\pard one{\\super\\chftn}{\\footnote\\pard\\chftn  The {\\b first}.\\par second part} two{\\*\\atnid EW}{\\*\\atnauthor Eve}\\chatn{\\*\\annotation{\\*\\atndate 130664448}\\pard Check this.} end\\par',
    ),
  ).toBe(
    'one[^1] two[^2] end\n\n[^1]: The **first**.\n\n    second part\n\n[^2]: **Comment by Eve (2024-09-25):** Check this.',
  )
})

describe('pictures', () => {
  const hex = Buffer.from(png()).toString('hex')

  test('are stored once, with their description', async () => {
    const file = `{\\rtf1\\pard a {\\*\\shppict{\\pict{\\*\\picprop{\\sp{\\sn wzDescription}{\\sv A fox}}}\\pngblip\\picw10 ${hex.replace(/(.{64})/g, '$1\r\n')}}}{\\nonshppict{\\pict\\wmetafile8 0100}} b\\par}`
    const { text, images } = await gather(convert, 'rtf', Buffer.from(file, 'latin1'))
    expect(text).toMatch(/^a !\[A fox\]\(kbgit-image:\w+\.png\) b$/)
    expect(images.map((image) => Buffer.from(image).toString('hex'))).toEqual([hex])
  })

  test('may be bytes, or the bitmap of a metafile', async () => {
    const dib = Buffer.alloc(44)
    dib.writeUInt32LE(40, 0)
    dib.writeInt32LE(1, 4)
    dib.writeInt32LE(1, 8)
    dib.writeUInt16LE(24, 14)
    const record = Buffer.alloc(28)
    record.writeUInt32LE((28 + dib.length) / 2, 0)
    record.writeUInt16LE(0x0f43, 4)
    const metafile = Buffer.concat([Buffer.alloc(18), record, dib])
    const binary = Buffer.from(png()).toString('latin1')
    const { images } = await gather(
      convert,
      'rtf',
      Buffer.from(
        `{\\rtf1\\pard{\\pict\\pngblip\\bin${binary.length} ${binary}}{\\pict\\wmetafile8 ${metafile.toString('hex')}}\\par}`,
        'latin1',
      ),
    )
    expect(images.map((image) => Buffer.from(image).toString('latin1', 0, 2))).toEqual(['\x89P', 'BM'])
    expect(Buffer.from(images[1] ?? []).readUInt32LE(10)).toBe(54)
  })
})

test('text boxes and letters drawn as art are kept', async () => {
  expect(
    await read(
      '\\pard in{\\shp{\\*\\shpinst\\shpleft1{\\sp{\\sn gtextUNICODE}{\\sv Art}}{\\shptxt\\pard boxed\\par}}{\\shprslt{\\*\\do{\\dptxbxtext\\pard boxed\\par}}}} text\\par',
    ),
  ).toBe('boxed\n\ninArt text')
})

test('title, author and date are those of the document, in any encoding', async () => {
  const { title, author, date } = await gather(
    convert,
    'rtf',
    Buffer.from(
      "{\\rtf1\\ansi\\ansicpg1252{\\info{\\title{\\upr{?}{\\*\\ud{\\uc1 \\u937 ?mega}}}}{\\author M\\'fcller}{\\creatim\\yr2024\\mo3\\dy5\\hr1}}\\pard x\\par}",
    ),
  )
  expect({ title, author, date }).toEqual({ title: 'Ωmega', author: 'Müller', date: '2024-03-05' })
})

describe('damaged and hostile files', () => {
  test.each([
    ['groups a thousand deep', '{'.repeat(1_000) + 'deep' + '}'.repeat(1_000), 'deep'],
    ['tables nested without end', `${'\\pard\\intbl\\itap99999 x\\nestcell'.repeat(3)} y`, undefined],
    ['more bytes than there are', '\\pard a\\par{\\*\\x\\bin999 }', undefined],
    ['numbers of any size', '\\pard\\ls99999999999999\\ilvl999999999\\li-999999999999999 a\\par', 'a'],
  ])('%s are read', async (_, body, shown) => {
    const result = await gather(convert, 'rtf', Buffer.from(`{\\rtf1 ${body}}`, 'latin1')).catch(
      (error: { failure?: { code: string } }) => error.failure?.code,
    )
    if (typeof result === 'object') expect(shown ?? result.text).toBe(result.text)
    else expect(result).toBe('corrupt')
  })
})
