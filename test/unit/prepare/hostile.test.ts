// Malicious documents: each ends as a failure with a clear code, or as bounded, sanitized text.
import { execFileSync } from 'node:child_process'
import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../../src/core/config.ts'
import prepare from '../../../src/prepare/worker.ts'
import { workbook } from '../../support/documents.ts'
import { StagingFolder } from '../../support/staging.ts'

const folder = await StagingFolder.make()

async function codeOf(path: string): Promise<string> {
  const task = await folder.task('unused.txt', 'x')
  const reply = await prepare({ ...task, label: path, path: Buffer.from(path), runtime: 'process' })
  return 'elsewhere' in reply || reply.ok ? 'taken' : reply.failure.code
}

/** A zip with one deflated member, with the given names and sizes. */
function zip(name: string, content: Buffer): Buffer {
  const data = deflateRawSync(content)
  const header = Buffer.alloc(26)
  header.writeUInt16LE(20, 0)
  header.writeUInt16LE(8, 4)
  header.writeUInt32LE(data.length, 14)
  header.writeUInt32LE(content.length, 18)
  header.writeUInt16LE(name.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), header, Buffer.from(name), data])
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02', 'latin1'),
    Buffer.from([20, 0]),
    header,
    Buffer.alloc(14),
    Buffer.from(name),
  ])
  const end = Buffer.alloc(18)
  end.writeUInt16LE(1, 4)
  end.writeUInt16LE(1, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(local.length, 12)
  return Buffer.concat([local, central, Buffer.from('PK\x05\x06', 'latin1'), end])
}

describe('sources that are not regular files', () => {
  test('are refused without blocking', async () => {
    const place = join(folder.path, 'odd')
    await mkdir(place)
    execFileSync('mkfifo', [join(place, 'fifo.txt')])
    await symlink('loop.txt', join(place, 'loop.txt'))
    await symlink('/etc/passwd', join(place, 'link.txt'))
    await mkdir(join(place, 'folder.pdf'))
    const socket = createServer().listen(join(place, 'socket.txt'))
    expect(await codeOf(join(place, 'fifo.txt'))).toBe('notRegular')
    expect(await codeOf(join(place, 'loop.txt'))).toBe('notRegular')
    expect(await codeOf(join(place, 'link.txt'))).toBe('notRegular')
    expect(await codeOf(join(place, 'folder.pdf'))).toBe('notRegular')
    expect(await codeOf(join(place, 'socket.txt'))).toBe('notRegular')
    expect(await codeOf('/dev/zero')).toBe('notRegular')
    expect(await codeOf(join(place, 'absent.txt'))).toBe('notFound')
    socket.close()
  })

  test('that are empty, too large or different from the scanned file are refused with different codes', async () => {
    expect(await folder.refuse('empty.md', '')).toMatchObject({ code: 'empty' })
    expect(await folder.refuse('changed.md', 'text', { sha256: '0'.repeat(64) })).toMatchObject({
      code: 'changedWhileRead',
    })
    const path = join(folder.path, 'sparse.txt')
    await writeFile(path, '')
    await truncate(path, 1024 ** 4)
    expect(await codeOf(path)).toBe('tooLarge')
    await rm(path)
  })

  test('whose names are not UTF-8 are read', async () => {
    const task = await folder.task('x.txt', 'content')
    const odd = Buffer.concat([Buffer.from(join(folder.path, 'a')), Buffer.from([0xff, 0x0a]), Buffer.from('.txt')])
    await writeFile(odd, 'content')
    expect(await prepare({ ...task, path: odd, runtime: 'process' })).toMatchObject({ ok: true })
  })
})

describe('content that does not match its extension', () => {
  test.each([
    [
      'a program as a note',
      'x.md',
      Buffer.concat([Buffer.from('\x7fELF', 'latin1'), Buffer.alloc(4096)]),
      'unsupported',
    ],
    [
      'a picture as text',
      'x.txt',
      Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(500)]),
      'corrupt',
    ],
    ['an archive as a note', 'x.md', zip('a.txt', Buffer.from('hello')), 'unsupported'],
    [
      'noise as a document',
      'x.docx',
      Buffer.from(Array.from({ length: 999 }, (_, index) => (index * 7919) % 256)),
      'corrupt',
    ],
    [
      'half of an archive as a document',
      'x.docx',
      zip('word/document.xml', Buffer.alloc(5000, 'x')).subarray(0, 60),
      'corrupt',
    ],
    ['text as a PDF', 'x.pdf', 'this is no PDF', 'corrupt'],
    [
      'an encrypted office file',
      'x.docx',
      Buffer.concat([
        Buffer.from('d0cf11e0a1b11ae1', 'hex'),
        Buffer.alloc(1016),
        Buffer.from('EncryptedPackage\0', 'utf16le'),
        Buffer.alloc(512),
      ]),
      'encrypted',
    ],
    ['a program text', 'x.py', 'print(1)', 'unsupported'],
  ])('%s', async (_, name, content, code) => {
    const failure = await folder.refuse(name, content)
    expect(failure).toMatchObject({ code, message: expect.stringContaining(name) })
    expect(failure.hint).toBeTruthy()
  })
})

describe('bombs', () => {
  test('nested entities and entities that read other files are refused', async () => {
    const laughs = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>`
    expect(await folder.refuse('laughs.xml', laughs)).toMatchObject({ code: 'bomb' })
    expect(
      await folder.refuse(
        'outside.xml',
        `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>`,
      ),
    ).toMatchObject({ code: 'bomb' })
    const names = `<!ENTITY fig SYSTEM "fig.tif" NDATA TIF><!ENTITY map PUBLIC "-//x" 'map.gif' NDATA GIF>`
    const patent = `<!DOCTYPE l [${names}]><l><invention-title>A tide gauge</invention-title><p>It <b>floats</b>.</p></l>`
    const { prepared, text } = await folder.prepare('patent.xml', patent)
    expect([prepared.title, text]).toEqual(['A tide gauge', expect.stringContaining('It **floats**.')])
    expect(
      (await folder.prepare('plain.xml', `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">]><l>&a;</l>`)).text,
    ).not.toContain('ha')
  })

  test('endless elements are refused', async () => {
    expect(await folder.refuse('deep.xml', `<?xml version="1.0"?>${'<a>'.repeat(100_000)}`)).toMatchObject({
      code: 'bomb',
    })
  })

  test('endlessly nested JSON is shown or refused, without a stack overflow', async () => {
    const reply = await prepare({ ...(await folder.task('deep.json', '['.repeat(200_000))), runtime: 'process' })
    expect(reply).toHaveProperty('ok')
  })

  test('too many images are refused', async () => {
    const limits = { ...DEFAULT_LIMITS, archiveBytesMax: 2_000 }
    const png = (seed: number): string =>
      Buffer.concat([
        Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
        Buffer.from([0, 0, 1, 0, 0, 0, 1, 0]),
        Buffer.alloc(900, seed),
      ]).toString('base64')
    const html = [1, 2, 3].map((seed) => `<img src="data:image/png;base64,${png(seed)}">`).join('')
    expect(await folder.refuse('images.html', `<body>${html}</body>`, { limits })).toMatchObject({ code: 'bomb' })
  })
})

test('pages with every kind of active content become text', async () => {
  const { text, prepared } = await folder.prepare(
    'active.html',
    '<html><body onload="a()"><h1 onclick="b()">T</h1><script>alert(1)</script><iframe src="https://e.com"></iframe><object data="x"></object><svg onload="c()"><script>d()</script></svg><form action="https://e.com"><input value="v"><button>Go</button></form><img src="https://track.example/p.gif" alt="seen"><a href="javascript:e()">trap</a><a href="&#106;avascript:e()">trap</a><a href="data:text/html,x">data</a><a href="file:///etc/passwd">file</a><math><mtext><script>f()</script></mtext></math><style>@import "x"</style>[[link]]</body></html>',
  )
  expect(text).not.toMatch(/<\w|!\[|\[\[|\]\((?!https:)|alert|onload|@import/)
  expect(text).toContain('[seen](https://track.example/p.gif)')
  expect(prepared.images).toEqual([])
})

test('a million empty lines stay short', async () => {
  const { prepared } = await folder.prepare('blank.txt', '\n'.repeat(1_000_000))
  expect(prepared.textSize).toBeLessThan(10)
})

test('damage is described without what a library says of its own values', async () => {
  const whole = workbook({ Sheet: [['port', 'height'], ['Brest', 6.1]] }, 'biff8') // prettier-ignore
  const messages: string[] = []
  for (let from = 512; from < whole.length; from += 1_024) {
    const reply = await prepare({ ...(await folder.task('x.xls', whole.subarray(0, from))), runtime: 'process' })
    if (!('elsewhere' in reply) && !reply.ok) messages.push(reply.failure.message)
  }
  expect(messages).toContain('x.xls is damaged: its content is not as its format requires.')
  for (const message of messages) expect(message).not.toMatch(/undefined|argument|Cannot/)
})
