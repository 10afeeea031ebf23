import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../../../../src/core/config.ts'
import { openArchive } from '../../../../src/prepare/convert/archive.ts'
import { convert } from '../../../../src/prepare/convert/office.ts'
import { failureOf, gather } from '../../../support/convert.ts'
import { docx, paragraph, workbook } from '../../../support/documents.ts'
import { StagingFolder } from '../../../support/staging.ts'
import { zip, type ZipMember } from '../../../support/zip.ts'

const DOCUMENT =
  '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>hello</w:t></w:r></w:p></w:body></w:document>'
const TYPES: ZipMember = {
  name: '[Content_Types].xml',
  content:
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
}
const plain: ZipMember = { name: 'word/document.xml', content: DOCUMENT }
const MIB = 1024 * 1024

const fail = async (bytes: Uint8Array, limits = {}) => (await failureOf(gather(convert, 'docx', bytes, limits))).code

describe('an office archive', () => {
  it('is read if nothing is wrong with it', async () => {
    expect((await gather(convert, 'docx', zip([TYPES, plain]))).text).toBe('hello')
  })

  it('is passed to a library without large members that are of no use to it', async () => {
    await using folder = await StagingFolder.make()
    const { path } = await folder.task(
      'sample.docx',
      zip([TYPES, plain, { name: 'word/fonts/a.odttf', content: randomBytes(2 * MIB) }]),
    )
    const archive = await openArchive({ path: path.toString(), label: 'sample.docx', limits: DEFAULT_LIMITS })
    expect(archive.packed().length).toBeLessThan(2_000)
    expect(archive.read('word/fonts/a.odttf')?.length).toBe(2 * MIB)
  })

  it('is a bomb if it unpacks to more bytes than the limit', async () => {
    const big = { name: 'word/media/zero.bin', content: Buffer.alloc(3 * MIB) }
    expect(await fail(zip([TYPES, plain, big]), { archiveBytesMax: 2 * MIB })).toBe('bomb')
  })

  it('is a bomb if it unpacks to hundreds of times its size', async () => {
    const big = { name: 'word/media/zero.bin', content: Buffer.alloc(40 * MIB) }
    expect(await fail(zip([TYPES, plain, big]))).toBe('bomb')
  })

  it('is a bomb if a member is larger than declared', async () => {
    const liar = { name: 'word/media/zero.bin', content: Buffer.alloc(MIB), claims: { size: 10 } }
    expect(await fail(zip([TYPES, plain, liar]))).toBe('bomb')
  })

  it('is a bomb if it has too many members', async () => {
    const many = Array.from({ length: 30 }, (_, n) => ({ name: `word/${n}.xml`, content: '' }))
    expect(await fail(zip([TYPES, plain, ...many]), { archiveEntriesMax: 20 })).toBe('bomb')
  })

  it('is a bomb if members share bytes', async () => {
    const [first, second] = [
      { ...plain, name: 'a.xml' },
      { ...plain, name: 'a.xmm', claims: { localName: 'a.xml' } },
    ]
    expect(await fail(zip([TYPES, plain, first, { ...second, claims: { ...second.claims, offset: 0 } }]))).toMatch(
      /bomb|corrupt/,
    )
    const same = zip([
      { name: 'x', content: 'y' },
      { name: 'x ', content: 'y', claims: { offset: 0, localName: 'x' } },
    ])
    expect(await fail(same)).toBe('corrupt')
  })

  it.each(['../../evil.xml', '/etc/passwd', 'C:\\evil.xml', 'word\\..\\evil.xml', 'a/../../b'])(
    'is refused if a member is named %s',
    async (name) => {
      expect(await fail(zip([TYPES, plain, { name, content: 'x' }]))).toBe('bomb')
    },
  )

  it('is refused if it declares XML entities, even in UTF-16', async () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>${DOCUMENT.replace('hello', '&a;&b;')}`
    expect(await fail(zip([TYPES, { ...plain, content: bomb }]))).toBe('bomb')
    expect(await fail(zip([TYPES, { ...plain, content: Buffer.from(`\ufeff${bomb}`, 'utf16le') }]))).toBe('bomb')
  })

  it('is encrypted if its members are', async () => {
    expect(await fail(zip([TYPES, { ...plain, claims: { flags: 1 } }]))).toBe('encrypted')
  })

  it('is corrupt if it is cut off, names a member twice, or is inconsistent', async () => {
    const whole = docx(paragraph('x'))
    expect(await fail(whole.subarray(0, whole.length - 30))).toBe('corrupt')
    expect(await fail(zip([TYPES, plain, plain]))).toBe('corrupt')
    expect(await fail(zip([TYPES, { ...plain, claims: { localName: 'word/documemt.xml' } }]))).toBe('corrupt')
    const hurt = Buffer.from(whole)
    hurt.fill(0xff, 100, 140)
    expect(await fail(hurt)).toBe('corrupt')
  })

  it('may contain another archive, which is not opened', async () => {
    const inner = zip([{ name: 'zero', content: Buffer.alloc(30 * MIB) }])
    expect(
      (await gather(convert, 'docx', zip([TYPES, plain, { name: 'word/embeddings/x.zip', content: inner }]))).text,
    ).toBe('hello')
  })

  it('fails the same way as a workbook', async () => {
    const book = workbook({ A: [['x']] }, 'xlsx')
    const hurt = Buffer.from(book)
    hurt.fill(0, 60, 120)
    expect((await failureOf(gather(convert, 'xlsx', hurt))).code).toBe('corrupt')
  })
})
