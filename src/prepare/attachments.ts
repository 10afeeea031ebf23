// Where the pictures of a vault are, other than next to the note: anywhere in the folder that was added, or in the vault
// around a note that was added alone. Paths are bytes in Latin-1 here, because names need not be UTF-8.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { collisionKey } from '../core/page/slug.ts'

/** Folders above a note that are searched for a vault. */
const LEVELS_MAX = 20
const SETTINGS_BYTES_MAX = 1024 ** 2
/** Entries of a folder that are looked at for pictures; those beyond are found by their paths alone. */
const ENTRIES_MAX = 200_000
/** Milliseconds that a list of a folder's pictures is used: a run takes longer, and pictures come and go. */
const LISTED_MS_MAX = 20_000
const PICTURE = /\.(?:png|jpe?g|gif|webp|bmp|avif)$/i

/** A place to look for a picture: `name` from `folder`, not outside of `top`. */
export type Place = { folder: string; name: string; top: string }

/** The places of a picture with a relative path, or in a note just a name, the likeliest first. */
export function* picturePlaces(
  document: string,
  added: string | undefined,
  name: string,
  isNote: boolean,
): Generator<Place> {
  const own = dirname(document)
  const vault = vaultAround(own)
  for (const top of new Set([added, vault])) {
    if (top === undefined) continue
    yield { folder: own, name, top }
    if (!isNote) continue
    if (top === vault) yield { folder: attachmentFolder(vault, own), name, top }
    yield { folder: top, name, top }
  }
  const top = added ?? vault
  if (!isNote || top === undefined) return
  const path = picturesIn(top).get(collisionKey(name.slice(name.lastIndexOf('/') + 1)))
  if (typeof path === 'string') yield { folder: top, name: path, top }
}

/** The nearest folder that is an Obsidian vault. */
function vaultAround(folder: string): string | undefined {
  for (let level = 0, at = folder; level < LEVELS_MAX; level++) {
    if (existsSync(bytes(`${at}/.obsidian`))) return at
    if (dirname(at) === at) return undefined
    at = dirname(at)
  }
  return undefined
}

/** Where Obsidian puts attachments: a folder of the vault, or with `./` of the note. */
function attachmentFolder(vault: string, own: string): string {
  try {
    const file = bytes(`${vault}/.obsidian/app.json`)
    if (statSync(file).size > SETTINGS_BYTES_MAX) return vault
    const { attachmentFolderPath: path } = JSON.parse(readFileSync(file, 'utf8')) as { attachmentFolderPath?: unknown }
    if (typeof path !== 'string') return vault
    const name = Buffer.from(path).toString('latin1')
    return name.startsWith('./') ? resolve(own, name) : resolve(vault, name.replace(/^\/+/, ''))
  } catch {
    // No settings, or broken ones: Obsidian then uses the vault itself.
    return vault
  }
}

/** By name, the path of the picture; null for a name that several have. */
type Pictures = Map<string, string | null>

const listed = new Map<string, { at: number; pictures: Pictures }>()

function picturesIn(top: string): Pictures {
  const known = listed.get(top)
  if (known !== undefined && performance.now() - known.at < LISTED_MS_MAX) return known.pictures
  const pictures: Pictures = new Map()
  const folders = ['']
  let left = ENTRIES_MAX
  for (let folder = folders.pop(); folder !== undefined && left > 0; folder = folders.pop()) {
    for (const entry of entriesOf(`${top}/${folder}`)) {
      left--
      const name = entry.name.toString('latin1')
      const path = folder === '' ? name : `${folder}/${name}`
      if (name.startsWith('.') || name === 'node_modules') continue
      if (entry.isDirectory()) folders.push(path)
      else if (entry.isFile() && PICTURE.test(name)) {
        const key = collisionKey(entry.name.toString('utf8'))
        pictures.set(key, pictures.has(key) ? null : path)
      }
    }
  }
  listed.clear()
  listed.set(top, { at: performance.now(), pictures })
  return pictures
}

function entriesOf(folder: string) {
  try {
    return readdirSync(bytes(folder), { withFileTypes: true, encoding: 'buffer' })
  } catch {
    // Unreadable, or gone meanwhile: it has no pictures for us.
    return []
  }
}

function bytes(path: string): Buffer {
  return Buffer.from(path, 'latin1')
}
