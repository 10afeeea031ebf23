import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  chmodSync,
  readFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SILENT } from '../../../src/core/logger.ts'
import { StatCache } from '../../../src/scan/stat-cache.ts'
import { Scan, type Scanned, type ScanOptions } from '../../../src/scan/scan.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kbgit-scan-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function write(files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), content)
  }
}

type Run = { scanned: Scanned[]; told: string[]; scan: Scan }

async function run(inputs: string[], options: Partial<ScanOptions> = {}): Promise<Run> {
  const scan = new Scan(inputs, {
    cwd: dir,
    extensions: new Set(['.md', '.txt', '.pdf']),
    place: (head) => Buffer.from(head).toString('latin1').startsWith('%PDF'),
    sourceBytesMax: 1_000_000,
    clockNs: () => BigInt(Date.now()) * 1_000_000n,
    ...options,
  })
  const scanned: Scanned[] = []
  for await (const one of scan) scanned.push(one)
  return { scanned, told: scanned.map(brief), scan }
}

function brief(scanned: Scanned): string {
  const path = scanned.origin.replace(`${dir}/`, '')
  switch (scanned.kind) {
    case 'file':
      return path
    case 'url':
      return `url ${path}`
    case 'skipped':
      return `${scanned.reason} ${path}`
    case 'failed':
      return `${scanned.failure.code} ${path}`
  }
}

describe('files and folders', () => {
  it('come in the order of inputs, and inside one in byte order of their names', async () => {
    write({ 'z.md': 'z', 'd/b.md': '1', 'd/b/x.md': '2', 'd/B.md': '3', 'd/a.md': '4', 'd/é.md': '5', 'd/b-.md': '6' })
    expect((await run(['z.md', 'https://a.test/p#top', 'd'])).told).toEqual([
      'z.md',
      'url https://a.test/p',
      'd/B.md',
      'd/a.md',
      'd/b/x.md',
      'd/b-.md',
      'd/b.md',
      'd/é.md',
    ])
  })

  it('have their hash, size, names and the folders below the input', async () => {
    write({ 'in/deep/er/Some Paper.PDF': 'content' })
    const { scanned, scan } = await run(['in'])
    expect(scanned).toEqual([
      {
        kind: 'file',
        origin: join(dir, 'in/deep/er/Some Paper.PDF'),
        path: Buffer.from(join(dir, 'in/deep/er/Some Paper.PDF')),
        stem: 'Some Paper',
        extension: '.pdf',
        context: 'deep/er',
        named: false,
        size: 7,
        sha256: createHash('sha256').update('content').digest('hex'),
      },
    ])
    expect([scan.files, scan.bytes, scan.ignored]).toEqual([1, 7, 0])
  })

  it('are added once, however often and in whatever way they are named', async () => {
    write({ 'd/a.md': '1', 'd/e/b.md': '2' })
    symlinkSync('d', join(dir, 'link'))
    expect(
      (
        await run([
          'd/e',
          'd',
          'd/a.md',
          './d/../d/a.md',
          join(dir, 'd'),
          'link/a.md',
          'https://a.test/x',
          'https://A.test/x',
        ])
      ).told,
    ).toEqual(['d/e/b.md', 'd/a.md', 'url https://a.test/x'])
  })

  it('may have names that are not UTF-8, or that look like something else', async () => {
    const names = ['-rf.md', 'a\nb.md', 'q"\'.md', `${'n'.repeat(252)}.md`, ':(top)x.md']
    for (const name of names) writeFileSync(join(dir, name), name)
    mkdirSync(Buffer.from(`${dir}/f\xffd`, 'latin1'))
    writeFileSync(Buffer.from(`${dir}/f\xffd/\xe9.md`, 'latin1'), 'latin')
    const { scanned, told } = await run(['.'])
    expect(new Set(told)).toEqual(new Set([...names, 'f\\xffd/\\xe9.md']))
    const last = scanned.find((one) => one.origin.includes('\\xe9'))
    expect(last).toMatchObject({ stem: '\\xe9', context: 'f\\xffd' })
    expect(last?.kind === 'file' && readFileSync(Buffer.from(last.path), 'utf8')).toBe('latin')
  })

  it('are all found in a tree of a thousand levels and a folder of two thousand files', async () => {
    const deep = join(dir, 'deep', ...Array.from({ length: 1000 }, () => 'd'))
    mkdirSync(deep, { recursive: true })
    writeFileSync(join(deep, 'bottom.md'), 'x')
    mkdirSync(join(dir, 'wide'))
    for (let i = 0; i < 2000; i++) writeFileSync(join(dir, `wide/${i}.md`), `${i}`)
    const { scanned, scan } = await run(['deep', 'wide'])
    expect(scanned.filter(({ kind }) => kind === 'file')).toHaveLength(2001)
    expect(scan.ignored).toBe(0)
  })
})

describe('bad input', () => {
  it('fails on its own, with a code, and the rest continues', async () => {
    write({ 'ok.md': 'x', 'empty.md': '', 'folder.pdf/in.md': 'y' })
    execFileSync('mkfifo', [join(dir, 'pipe.md')])
    symlinkSync('ok.md', join(dir, 'link.md'))
    symlinkSync('loop', join(dir, 'loop'))
    writeFileSync(join(dir, 'large.txt'), '')
    truncateSync(join(dir, 'large.txt'), 2 ** 40)
    const { scanned, told } = await run([
      'missing.md',
      'empty.md',
      'pipe.md',
      'link.md',
      'loop',
      'loop/x.md',
      'ok.md/x',
      'large.txt',
      '',
      '/dev/null',
      'a\0b',
      'folder.pdf',
      'ok.md',
    ])
    expect(told).toEqual([
      'notFound missing.md',
      'empty empty.md',
      'notRegular pipe.md',
      'notRegular link.md',
      'notRegular loop',
      'notRegular loop/x.md',
      'notFound ok.md/x',
      'tooLarge large.txt',
      `notFound ${dir}`,
      'notRegular /dev/null',
      expect.stringMatching(/^(notFound|unreadable) /),
      'folder.pdf/in.md',
      'ok.md',
    ])
    for (const one of scanned) {
      if (one.kind !== 'failed') continue
      expect(one.failure.message).toContain(one.origin)
      expect(one.failure.hint).toBeTruthy()
    }
  })

  it('in a folder is skipped and counted, unless it is a file', async () => {
    write({
      'd/ok.md': 'x',
      'd/.hidden.md': 'x',
      'd/.git/config': 'x',
      'd/.git/more.md': 'x',
      'd/~$open.docx': 'x',
      'd/empty.md': '',
      'd/sub/.x/y.md': 'x',
    })
    execFileSync('mkfifo', [join(dir, 'd/pipe.md')])
    symlinkSync('.', join(dir, 'd/loop'))
    symlinkSync('/etc/passwd', join(dir, 'd/out.md'))
    const server = createServer().listen(join(dir, 'd/socket.md'))
    await new Promise((resolve) => server.once('listening', resolve))
    const { told, scan } = await run(['d'])
    server.close()
    expect(told).toEqual(['empty d/empty.md', 'd/ok.md'])
    expect(scan.ignored).toBe(8)
  })

  it.skipIf(process.getuid?.() === 0 && !canDropRights())('without read permission fails alone', () => {
    write({ 'd/a.md': 'x', 'd/closed.md': 'x', 'd/shut/b.md': 'x', 'd/z.md': 'x' })
    chmodSync(dir, 0o755)
    chmodSync(join(dir, 'd/closed.md'), 0)
    chmodSync(join(dir, 'd/shut'), 0)
    const script = `
      const { Scan } = await import(${JSON.stringify(new URL('../../../src/scan/scan.ts', import.meta.url).href)})
      const scan = new Scan(['d'], { cwd: ${JSON.stringify(dir)}, extensions: new Set(['.md']), place: () => false, sourceBytesMax: 100, clockNs: () => 0n })
      for await (const one of scan) console.log(one.kind === 'failed' ? one.failure.code : 'ok', one.origin)`
    const [program, ...args] = process.getuid?.() === 0 ? [...DROP_RIGHTS, process.execPath] : [process.execPath]
    const out = execFileSync(program ?? '', [...args, '--input-type=module', '-e', script], { encoding: 'utf8' })
    chmodSync(join(dir, 'd/shut'), 0o755)
    expect(out.trimEnd().split('\n')).toEqual([
      `ok ${dir}/d/a.md`,
      `unreadable ${dir}/d/closed.md`,
      `unreadable ${dir}/d/shut`,
      `ok ${dir}/d/z.md`,
    ])
  })

  it('of unknown formats is unsupported in a folder, by its first bytes, and continues if it is named', async () => {
    write({ 'd/a.bin': '\0\x01', 'd/b': '%PDF-1.7', 'd/c.xyz': '', 'd/d.xyz': '%PDF' })
    expect((await run(['d'])).told).toEqual(['unsupported d/a.bin', 'd/b', 'unsupported d/c.xyz', 'd/d.xyz'])
    expect((await run(['d/a.bin', 'd/c.xyz'])).told).toEqual(['d/a.bin', 'empty d/c.xyz'])
  })
})

describe('files that change during the scan', () => {
  it('fail if they are gone or have become something else, and the rest continues', async () => {
    write({ 'd/a.md': 'a', 'd/gone.md': 'g', 'd/link.md': 'l', 'd/z.md': 'z' })
    let looks = 0
    const { told } = await run(['d'], {
      // Called just before each file is read.
      clockNs: () => {
        if (looks++ === 0) {
          rmSync(join(dir, 'd/gone.md'))
          rmSync(join(dir, 'd/link.md'))
          symlinkSync('z.md', join(dir, 'd/link.md'))
        }
        return 0n
      },
    })
    expect(told).toEqual(['d/a.md', 'notFound d/gone.md', 'notRegular d/link.md', 'd/z.md'])
  })

  it('fail if they keep changing', async () => {
    write({ 'd/log.xyz': '0', 'd/z.md': 'z' })
    const { told } = await run(['d'], {
      place: () => {
        appendFileSync(join(dir, 'd/log.xyz'), 'more')
        return true
      },
    })
    expect(told).toEqual(['changedWhileRead d/log.xyz', 'd/z.md'])
  })
})

describe('a scan', () => {
  it('hashes ahead only up to a limit, and stops when nothing more is requested', async () => {
    for (let i = 0; i < 100; i++) write({ [`d/${i}.xyz`]: `${i}` })
    let placed = 0
    const scan = new Scan(['d'], {
      cwd: dir,
      extensions: new Set(),
      sourceBytesMax: 1000,
      clockNs: () => 0n,
      place: () => {
        placed++
        return true
      },
    })
    for await (const one of scan) {
      expect(one.kind).toBe('file')
      break
    }
    expect(placed).toBe(32)
  })

  it('ends silently once it is aborted, even in the middle of a file', async () => {
    write({ 'd/a.md': 'a', 'd/b.md': 'b'.repeat(900_000), 'd/c.md': 'c' })
    const abort = new AbortController()
    const told: string[] = []
    for await (const one of new Scan(['d'], {
      cwd: dir,
      extensions: new Set(['.md']),
      sourceBytesMax: 1_000_000,
      clockNs: () => 0n,
      place: () => true,
      signal: abort.signal,
    })) {
      told.push(brief(one))
      abort.abort()
    }
    expect(told).toEqual(['d/a.md'])
  })
})

describe('what is skipped', () => {
  const base = () => ({ root: dir, owned: ['raw', 'wiki', 'documents', 'kbgit.yaml'], inbox: 'raw/inbox' })

  it('the base itself, also from above it, but not the files beside it', async () => {
    write({
      'kbgit.yaml': 'version: 1',
      'raw/a.md': 'x',
      'raw/inbox/new.md': 'n',
      'wiki/index.md': 'x',
      'documents/a.json': 'x',
      'notes/wiki/x.md': 'y',
      'readme.md': 'z',
    })
    const here = await run(['.'], { base: base() })
    expect(here.told).toEqual(['notes/wiki/x.md', 'readme.md'])
    expect(here.scan.ignored).toBe(4)
    expect((await run([dirname(dir)], { base: base(), exclude: ['/*', `!/${dir.split('/').at(-1)}`] })).told).toEqual([
      'notes/wiki/x.md',
      'readme.md',
    ])
    expect((await run(['raw', 'wiki/index.md', 'raw/inbox', 'kbgit.yaml', '.git/x'], { base: base() })).told).toEqual([
      'unsupported raw',
      'unsupported wiki/index.md',
      'raw/inbox/new.md',
      'unsupported kbgit.yaml',
      'notFound .git/x',
    ])
  })

  it('excluded paths, below the input or below the current folder, even if a shell has named them', async () => {
    write({ 'd/a.md': '1', 'd/a.txt': '2', 'd/drafts/b.md': '3', 'd/drafts/keep.md': '4', 'd/e/drafts/c.md': '5' })
    expect((await run(['d'], { exclude: ['*.txt', 'drafts'] })).told).toEqual(['d/a.md'])
    expect((await run(['d'], { exclude: ['/drafts/*', '!keep.md'] })).told).toEqual([
      'd/a.md',
      'd/a.txt',
      'd/drafts/keep.md',
      'd/e/drafts/c.md',
    ])
    expect((await run(['d'], { exclude: ['d/drafts/'] })).told).toEqual(['d/a.md', 'd/a.txt', 'd/e/drafts/c.md'])
    const named = await run(['d/a.md', 'd/a.txt', 'd/drafts'], { exclude: ['*.txt', 'd/drafts'] })
    expect(named.told).toEqual(['d/a.md'])
    expect(named.scan.ignored).toBe(2)
  })

  it('what .kbgitignore files say, the nearest first, but not what is named', async () => {
    write({
      'd/.kbgitignore': '*.txt\n/top.md\nskip/\n',
      'd/a.md': '1',
      'd/a.txt': '2',
      'd/top.md': '3',
      'd/skip/x.md': '4',
      'd/s/.kbgitignore': '!keep.txt\nmine.md\n',
      'd/s/keep.txt': '5',
      'd/s/other.txt': '6',
      'd/s/mine.md': '7',
      'd/s/top.md': '8',
    })
    const { told, scan } = await run(['d'])
    expect(told).toEqual(['d/a.md', 'd/s/keep.txt', 'd/s/top.md'])
    expect(scan.ignored).toBe(7)
    expect((await run(['d/a.txt', 'd/skip'])).told).toEqual(['d/a.txt', 'd/skip/x.md'])
  })

  it('what the base says: all of it inside, and patterns without a slash elsewhere', async () => {
    write({
      'kb/.kbgitignore': '*.txt\n/notes/secret.md\n',
      'kb/notes/a.md': '1',
      'kb/notes/b.txt': '2',
      'kb/notes/secret.md': '3',
      'out/c.txt': '4',
      'out/notes/secret.md': '5',
    })
    const options = { base: { ...base(), root: join(dir, 'kb') } }
    expect((await run(['kb/notes', 'out'], options)).told).toEqual(['kb/notes/a.md', 'out/notes/secret.md'])
  })

  it('a folder whose .kbgitignore cannot be read, as a failure', async () => {
    write({ 'd/a.md': '1', 'd/.kbgitignore': 'x'.repeat(2 * 1024 * 1024) })
    expect((await run(['d'])).told).toEqual(['unreadable d'])
  })
})

describe('with a stat cache', () => {
  const cacheOf = () => new StatCache(join(dir, '.cache/stat-cache.db'), { generation: '1', logger: SILENT })
  const later = () => BigInt(Date.now() + 60_000) * 1_000_000n

  it.skipIf(process.platform !== 'linux')('an unchanged folder is not read again', async () => {
    write({ 'd/a.md': 'a'.repeat(900_000), 'd/b.bin': 'two', 'd/c.md': 'three' })
    let placed = 0
    const place = () => {
      placed++
      return false
    }
    const bytesRead = () => Number(/rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'latin1'))?.[1])
    const runWithCache = async () => {
      using cache = cacheOf()
      const start = bytesRead()
      const { scanned } = await run(['d'], { cache, clockNs: later, place })
      return { scanned, read: bytesRead() - start }
    }
    const first = await runWithCache()
    const second = await runWithCache()
    expect(second.scanned).toEqual(first.scanned)
    expect(placed).toBe(1)
    expect(first.read).toBeGreaterThan(900_000)
    expect(second.read).toBeLessThan(100_000)
  })

  it('a change is detected even if it keeps size and time of the file', async () => {
    write({ 'd/a.md': 'one' })
    const time = new Date('2020-01-01T00:00:00.5Z')
    utimesSync(join(dir, 'd/a.md'), time, time)
    using cache = cacheOf()
    const before = await run(['d'], { cache, clockNs: later })
    writeFileSync(join(dir, 'd/a.md'), 'two')
    utimesSync(join(dir, 'd/a.md'), time, time)
    const after = await run(['d'], { cache, clockNs: later })
    expect(after.scanned[0]).not.toEqual(before.scanned[0])
  })
})

const DROP_RIGHTS = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']

function canDropRights(): boolean {
  try {
    execFileSync(DROP_RIGHTS[0] ?? '', [...DROP_RIGHTS.slice(1), process.execPath, '--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
