import { describe, expect, it } from 'vitest'
import {
  displayPath,
  extensionOf,
  stemOf,
  toByteString,
  toBytes,
  urlStem,
} from '../../../../src/core/document/source-path.ts'

describe('a path as bytes', () => {
  it.each([
    ['/a/plain.md', '/a/plain.md'],
    [toByteString('/ä/日本/🙂�.md'), '/ä/日本/🙂�.md'],
    ['/a/\xff\xfe.md', '/a/\\xff\\xfe.md'],
    ['/\xc3\xa4\xc3.md', '/ä\\xc3.md'],
    ['\xed\xa0\x80', '\\xed\\xa0\\x80'],
    ['\xc0\xaf', '\\xc0\\xaf'],
    ['\xf4\x90\x80\x80', '\\xf4\\x90\\x80\\x80'],
    ['a\nb\tc', 'a\nb\tc'],
  ])('shows %j as %j', (bytes, shown) => {
    expect(displayPath(bytes)).toBe(shown)
  })

  it('can be converted back to the same bytes', () => {
    const all = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i))
    expect(Buffer.from(toBytes(all)).toString('latin1')).toBe(all)
  })
})

describe('names', () => {
  it.each([
    ['Report.PDF', 'Report', '.pdf'],
    ['archive.tar.gz', 'archive.tar', '.gz'],
    ['.env', '.env', ''],
    ['-rf', '-rf', ''],
    ['x.', 'x.', ''],
    ['a.b c', 'a.b c', ''],
    ['no extension', 'no extension', ''],
    ['\xff.md', '\\xff', '.md'],
  ])('of %j have the stem %j and the extension %j', (name, stem, extension) => {
    expect([stemOf(name), extensionOf(name)]).toEqual([stem, extension])
  })

  it.each([
    ['https://a.test/papers/Deep%20Nets.pdf?x=1', 'Deep Nets'],
    ['https://a.test/', 'a.test'],
    ['https://a.test/100%', '100%'],
    ['https://a.test/guide/', 'guide'],
  ])('of %s is %j', (url, stem) => {
    expect(urlStem(new URL(url))).toBe(stem)
  })
})
