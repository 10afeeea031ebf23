// `kbgit.yaml` as YAML: everything that is not in the plain form, and errors with their position.
import { LineCounter, parseDocument, isMap, isScalar } from 'yaml'
import type { ConfigValues, Keys } from './config.ts'
import { KbError } from './errors.ts'

const FIX_YAML = 'Fix the YAML and try again.'

/** Throws `KbError` (`config`) as `parseConfig` does. */
export function yamlValues(source: string, path: string, keys: Keys, limitKeys: Keys): ConfigValues {
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines, version: '1.2' })
  const position = (offset: number | undefined): string => {
    const { line, col } = lines.linePos(offset ?? 0)
    return `${path}:${line}:${col}`
  }
  const broken = document.errors[0]
  if (broken !== undefined) {
    const conflict = source.search(/^<{7} /m)
    if (conflict !== -1)
      throw new KbError('config', `${position(conflict)}: git has left a conflict in this file.`, {
        hint: 'Choose one side in an editor and commit, or give up the merge with git merge --abort.',
      })
    throw new KbError('config', `${position(broken.pos[0])}: ${broken.message.split('\n')[0]}`, { hint: FIX_YAML })
  }
  const values: ConfigValues = { top: {}, limits: {} }
  const readMap = (map: unknown, known: Keys, into: Record<string, unknown>, within: string) => {
    if (map === null || (isScalar(map) && map.value === null)) return
    if (!isMap(map))
      throw new KbError('config', `${path}: ${within === '' ? 'the file' : within} must be a map of keys and values.`, {
        hint: FIX_YAML,
      })
    for (const { key, value } of map.items) {
      const name = isScalar(key) ? String(key.value) : String(key)
      const where = position(isScalar(key) ? key.range?.[0] : undefined)
      if (within === '' && name === 'limits') {
        readMap(value, limitKeys, values.limits, 'limits')
        continue
      }
      const reader = Object.hasOwn(known, name) ? known[name] : undefined
      if (reader === undefined) {
        const meant = nearest(name, [...Object.keys(known), ...(within === '' ? ['limits'] : [])])
        throw new KbError('config', `${where}: "${name}" is not a key of ${within === '' ? 'kbgit.yaml' : within}.`, {
          hint: `Did you mean "${meant}"?`,
        })
      }
      const raw: unknown = isScalar(value)
        ? value.value
        : ((value as { toJSON?: () => unknown } | null)?.toJSON?.() ?? null)
      if (raw === null) continue
      const parsed = reader.read(raw)
      if (parsed === undefined) {
        throw new KbError(
          'config',
          `${where}: "${name}" must be ${reader.expects}${reader.isSecret === true ? '' : `, not ${JSON.stringify(raw)}`}.`,
          {
            hint: 'An empty value means the default; "kbgit help config" describes each key.',
          },
        )
      }
      into[name] = parsed
    }
  }
  readMap(document.contents, keys, values.top, '')
  return values
}

/** The candidate with the smallest Levenshtein distance to `word`. `candidates` must not be empty. */
function nearest(word: string, candidates: string[]): string {
  const scored = candidates.map((candidate) => ({ candidate, distance: levenshtein(word.toLowerCase(), candidate) }))
  scored.sort((a, b) => a.distance - b.distance)
  return scored[0]?.candidate ?? ''
}

function levenshtein(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitute = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitute))
    }
    row = next
  }
  return row[b.length] ?? 0
}
