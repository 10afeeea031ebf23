// A base of many documents, made by `git fast-import`: the real layout, one commit per document, the same for the same
// seed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { TEST_ENVIRONMENT } from './repository.ts'
import { SampleWiki, type SampleDocument, type SampleFile } from './sample-wiki.ts'

export type GenerateOptions = {
  documents: number
  seed?: number
  /** The base's folder in the repository: '' or a folder with its slash. */
  prefix?: string
  /** Approximate bytes of text per document. Default: 1,000. */
  textBytes?: number
  /** Documents per write of the shared pages (topics, listings, log); kbgit uses 1. Default: 100. */
  sharedEvery?: number
  /**
   * Default: 1 up to 10,000 documents, 10 above: git writes a tree of a thousand entries for each commit and folder.
   */
  documentsPerCommit?: number
  /** Check the files out into the work tree. Default: yes. */
  checkout?: boolean
}

/** Creates a repository in `dir` (created, empty) whose branch `main` has a base in which `fsck` finds no problems. */
export async function generateBase(dir: string, options: GenerateOptions): Promise<void> {
  mkdirSync(dir, { recursive: true })
  await git(dir, ['init', '-q', '-b', 'main'])
  const importer = spawn(
    'git',
    ['-c', 'core.compression=1', '-c', 'fastimport.unpackLimit=0', 'fast-import', '--quiet', '--depth=50'],
    { cwd: dir, env: TEST_ENVIRONMENT, stdio: ['pipe', 'inherit', 'inherit'] },
  )
  const closed = once(importer, 'close')
  let pending: string[] = []
  let size = 0
  for (const piece of importStream(options)) {
    pending.push(piece)
    size += piece.length
    if (size < 1 << 18) continue
    if (!importer.stdin.write(pending.join(''))) await Promise.race([once(importer.stdin, 'drain'), closed])
    pending = []
    size = 0
  }
  importer.stdin.end(pending.join(''))
  const [code] = await closed
  if (code !== 0) throw new Error(`git fast-import failed (${code})`)
  if (options.checkout !== false) await git(dir, ['reset', '-q', '--hard', 'main'])
}

function* importStream(options: GenerateOptions): Generator<string> {
  const { documents, seed = 1, prefix = '', textBytes = 1_000, sharedEvery = 100 } = options
  const documentsPerCommit = options.documentsPerCommit ?? (documents > 10_000 ? 10 : 1)
  const wiki = new SampleWiki()
  const random = mulberry32(seed)
  const words = vocabulary(random)
  let time = 1_767_323_045
  const commit = (message: string, files: SampleFile[]): string => {
    const who = `Ada <ada@example.org> ${time++} +0000`
    const changes = files.map(([path, content]) => `M 100644 inline ${quoted(prefix + path)}\n${sized(content)}\n`)
    return `commit refs/heads/main\nauthor ${who}\ncommitter ${who}\n${sized(message)}\n${changes.join('')}\n`
  }
  yield commit('init\n\nKbgit-Transaction: init\n', wiki.initialFiles())
  let left = documents
  for (let commits = 1; left > 0; commits++) {
    const first = documents - left
    const added = Array.from({ length: Math.min(documentsPerCommit, left) }, (_, n) =>
      wiki.add(sampleDocument(first + n, random, words, textBytes)),
    )
    left -= added.length
    const files = added.flatMap(({ files }) => files)
    const subject = added.length === 1 ? `add: ${added[0]?.record.name}` : `add: ${added.length} documents`
    const message = `${subject}\n\n${added.flatMap(({ trailers }) => trailers).join('\n')}\n`
    yield commit(message, left === 0 || commits % sharedEvery === 0 ? [...files, ...wiki.sharedFiles()] : files)
  }
}

function sampleDocument(n: number, random: () => number, words: string[], textBytes: number): SampleDocument {
  const word = (): string => words[Math.floor(random() * words.length)] ?? ''
  const name = `${word()}-${word()}-${n}`
  // The smaller the number, the more common the topic; the range grows with the base, so that most topics stay small.
  const topic = (): string => {
    const rank = Math.floor((n / 4 + 4) * random() ** 2)
    return `${words[rank % words.length]} ${words[Math.floor(rank / words.length) % words.length]} ${rank}`
  }
  const lines = [`# ${name}`, '']
  for (let bytes = 0; bytes < textBytes;) {
    const line = Array.from({ length: 12 }, word).join(' ')
    lines.push(line)
    bytes += line.length + 1
  }
  const concepts = [...new Set([topic(), topic()])]
  return {
    name,
    text: `${lines.join('\n')}\n`,
    topics: [...concepts.map((name) => ({ kind: 'concept' as const, name })), { kind: 'entity', name: topic() }],
  }
}

function vocabulary(random: () => number): string[] {
  const syllables = [
    'ka',
    'lo',
    'mi',
    'ren',
    'tu',
    'vos',
    'el',
    'san',
    'dir',
    'po',
    'qua',
    'ne',
    'bri',
    'ost',
    'um',
    'fy',
  ]
  const syllable = (): string => syllables[Math.floor(random() * syllables.length)] ?? ''
  const words = new Set<string>()
  while (words.size < 400) words.add(syllable() + syllable() + syllable())
  return [...words]
}

/** A small seeded generator of numbers in [0, 1): Tommy Ettinger's mulberry32. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

function sized(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`
}

function quoted(path: string): string {
  return /["\n\\]/.test(path) ? `"${path.replace(/["\n\\]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))}"` : path
}

async function git(dir: string, args: string[]): Promise<void> {
  const [code] = await once(spawn('git', args, { cwd: dir, env: TEST_ENVIRONMENT, stdio: 'inherit' }), 'close')
  if (code !== 0) throw new Error(`git ${args.join(' ')} failed (${code})`)
}
