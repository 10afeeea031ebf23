// The sidecar's files, as they could arrive in an archive of somebody's folder.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { shown, type Corrupt, type Corruption } from './corruption.ts'
import { hostilePaths, wrongKinds } from './draw.ts'

const OID = '0123456789abcdef0123456789abcdef01234567'
const KEY = 'ab'.repeat(32)

export const corruptIntent: Corrupt = (subject) => {
  const { draw, target } = subject
  const path = draw.one(hostilePaths(target))
  const intent: Record<string, unknown> = {
    version: 1,
    id: 'fuzz',
    branch: 'refs/heads/main',
    base: null,
    worktree: '.',
    paths: [{ path: 'wiki/summaries/pwned.md', before: null, after: OID, mode: '100644' }],
    blobs: [],
    attempts: 0,
  }
  const change = draw.one<Record<string, unknown>>([
    { paths: [{ path, before: null, after: OID, mode: '100644' }] },
    { paths: [{ path: 'wiki/log.md', before: path, after: path, mode: '120000' }] },
    { paths: [{ path, before: OID, after: null, mode: '100644' }] },
    { branch: path },
    { branch: 'refs/../../hooks/x' },
    { branch: 'refs/kbgit/../../x' },
    { worktree: `worktrees/${path}` },
    { worktree: '..' },
    { workTree: target },
    { workTree: path },
    { id: path },
    { id: '../../pwned' },
    { blobs: [path] },
    { blobs: [KEY] },
    { base: OID },
    { base: `--output=${target}/pwned` },
    { attempts: 1e308 },
    { [draw.one(Object.keys(intent))]: draw.one(wrongKinds()) },
  ])
  const json = JSON.stringify({ ...intent, ...change })
  const content = `${createHash('sha256').update(json).digest('hex')}\n${json}\n`
  const place = draw.one(['journal/fuzz.json', 'journal/other.json', 'quarantine/fuzz.json', 'journal/x y\n.json'])
  return sidecar(`${place} with ${shown(change)}`, place, { content })
}

export const corruptSidecar: Corrupt = ({ draw, target, read }) => {
  const path = draw.one(hostilePaths(target))
  const chat = {
    version: 1,
    id: 'fuzz',
    title: 'x',
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2036-01-01T00:00:00.000Z',
    turns: [
      { role: 'user', text: 'x' },
      {
        role: 'assistant',
        text: `<script>x</script> [[${path}]]`,
        citations: [{ page: path, document: path, quote: 'x' }],
      },
    ],
  }
  const prepared = {
    sha256: KEY,
    size: 1,
    format: 'md',
    kind: 'short',
    original: path,
    text: 'source.md',
    textSize: 1,
    images: [{ file: path, sha256: KEY, size: 1 }],
    outline: [],
    notes: [],
  }
  const wrong = draw.one(wrongKinds())
  return draw.one<() => Corruption>([
    () => sidecar(`a chat that cites ${shown(path)}`, 'chats/fuzz.json', { content: JSON.stringify(chat) }),
    () => {
      const key = draw.one(Object.keys(chat))
      return sidecar(`a chat whose ${key} is ${shown(wrong)}`, 'chats/fuzz.json', {
        content: JSON.stringify({ ...chat, [key]: wrong }),
      })
    },
    () =>
      sidecar(`a chat of other turns: ${shown(wrong)}`, 'chats/fuzz.json', {
        content: JSON.stringify({ ...chat, turns: [wrong, ...chat.turns] }),
      }),
    () => sidecar('a chat that is a link', 'chats/fuzz.json', { target: join(target, 'note.md') }),
    () => sidecar('a chat that is a folder', 'chats/fuzz.json', { folder: true }),
    () =>
      sidecar(`run.json: failed ${shown(path)}`, 'run.json', {
        content: JSON.stringify({
          pending: [{ path, sha256: KEY }],
          failed: [{ path, error: { code: 'empty', message: 'x' } }],
        }),
      }),
    () => sidecar(`run.json: ${shown(wrong)}`, 'run.json', { content: JSON.stringify(wrong) }),
    () =>
      sidecar(`run.json: pending ${shown(wrong)}`, 'run.json', {
        content: JSON.stringify({ pending: wrong, failed: [wrong] }),
      }),
    () => sidecar('run.json is a folder', 'run.json', { folder: true }),
    () => sidecar(`moved.json: ${shown(wrong)}`, 'moved.json', { content: JSON.stringify(wrong) }),
    () =>
      sidecar(`moved.json: from ${shown(path)}`, 'moved.json', {
        content: JSON.stringify({ [path]: KEY, [`${target}/note.md`]: sha256(read('raw/tide.md')) }),
      }),
    () =>
      sidecar(`something prepared with ${shown(path)}`, `prepared/${KEY}/prepared.json`, {
        content: JSON.stringify({ key: KEY, prepared }),
      }),
    () => sidecar('something prepared that is a link', `prepared/${KEY}`, { target }),
    () => sidecar('something staged that is a link', 'staging/fuzz', { target }),
    () => sidecar('something staged that is a file', 'staging/fuzz', { content: 'x' }),
    () => sidecar('an intent that is a link', 'journal/fuzz.json', { target: join(target, 'note.md') }),
    () => sidecar('an intent that is a folder', 'journal/fuzz.json', { folder: true }),
    () => sidecar('an unfinished intent that is a link', 'journal/fuzz.json.tmp', { target: join(target, 'note.md') }),
    () => sidecar('an original that is a link', `blobs/ab/ab/${KEY}`, { target: join(target, 'note.md') }),
    ...['lock.db', 'catalog.db', 'pageindex.db', 'stat-cache.db'].flatMap((name) => [
      () => sidecar(`${name} of other bytes`, name, { content: 'not a database'.repeat(100) }),
      () => sidecar(`${name} is empty`, name, { content: '' }),
      () => sidecar(`${name} begins like a database`, name, { content: `SQLite format 3\0${'\xff'.repeat(5_000)}` }),
    ]),
    () => sidecar('a note of a write of the configuration', 'config-write', { content: path }),
    () => sidecar(`a kept answer: ${shown(wrong)}`, `answers/${KEY}.json`, { content: JSON.stringify(wrong) }),
  ])()
}

function sidecar(what: string, path: string, how: { content?: string; target?: string; folder?: boolean }): Corruption {
  return { what: `sidecar: ${what}`, changes: [{ do: 'sidecar', path, ...how }] }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
