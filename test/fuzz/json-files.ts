// Registry files, page text and trees: every field gets values that kbgit would not write.
import { hostilePaths, wrongKinds } from './draw.ts'
import { shown, type Corrupt, type Corruption, type Subject } from './corruption.ts'

type Step = string | number

/** Fields where any text may be: a title, the place where a file came from, … */
const FREE_TEXT =
  /^(?:title|origin|context|compiler|model|mentions\.\d+\.(?:key|name|says|type|place\.heading)|\d+\.content|doc_name|structure(?:\.\d+\.nodes)*\.\d+\.(?:title|summary|node_id))$/
const OPTIONAL =
  /^(?:pages|tree|images|context|language|coverage|model|mentions|sections|edited|\d+\.images|doc_name|structure(?:\.\d+\.nodes)*\.\d+\.(?:summary|nodes)|mentions\.\d+\.(?:type|place)|mentions\.\d+\.place\..*)$/
const LINE_CHARS_MAX = 1_000
/** A page may be of any length. */
const PAGE_CONTENT = /^\d+\.content$/

export const corruptRegistry: Corrupt = (subject) =>
  corruptJson(subject, subject.draw.one(subject.template.files.filter((path) => /^documents\/.*\.json$/.test(path))))

export const corruptPageText: Corrupt = (subject) =>
  corruptJson(
    subject,
    subject.draw.one(subject.template.files.filter((path) => /^wiki\/sources\/[^.]*\.json$/.test(path))),
  )

export const corruptTree: Corrupt = (subject) =>
  corruptJson(subject, subject.draw.one(subject.template.files.filter((path) => path.endsWith('.tree.json'))))

function corruptJson(subject: Subject, path: string): Corruption {
  const { draw } = subject
  const text = subject.read(path)
  switch (draw.below(12)) {
    case 0:
      return damagedText(subject, path, text)
    case 1:
      return misplacedFile(subject, path, text)
    case 2:
      return unknownKey(subject, path, text)
    case 3:
      return missingField(subject, path, text)
    default:
      return wrongValue(subject, path, text)
  }
}

function wrongValue({ draw, target }: Subject, path: string, text: string): Corruption {
  const root = JSON.parse(text) as unknown
  const steps = draw.one(placesOf(root))
  const before = at(root, steps)
  const value = draw.one<unknown>(draw.below(2) === 0 ? [...hostilePaths(target), `${target}/note.md`] : wrongKinds())
  const field = steps.join('.')
  const replaced = steps.length === 0 ? value : put(root, steps, value)
  const legal =
    (typeof value === 'string' &&
      FREE_TEXT.test(field) &&
      (value.length <= LINE_CHARS_MAX || PAGE_CONTENT.test(field))) ||
    (Array.isArray(before) && Array.isArray(value) && value.length === 0) ||
    (field.endsWith('place') && JSON.stringify(value) === '{}')
  const content = `${JSON.stringify(replaced, null, 1)}\n`
  return {
    what: `${path}: ${field} = ${shown(value)}`,
    changes: [{ do: 'write', path, content }],
    named: legal ? undefined : path,
  }
}

function missingField({ draw }: Subject, path: string, text: string): Corruption {
  const root = JSON.parse(text) as unknown
  const steps = draw.one(placesOf(root).filter((each) => typeof each.at(-1) === 'string'))
  const parent = at(root, steps.slice(0, -1)) as Record<string, unknown>
  delete parent[String(steps.at(-1))]
  const field = steps.join('.')
  const content = `${JSON.stringify(root, null, 1)}\n`
  return {
    what: `${path}: ${field} is missing`,
    changes: [{ do: 'write', path, content }],
    named: OPTIONAL.test(field) ? undefined : path,
  }
}

function unknownKey({ draw }: Subject, path: string, text: string): Corruption {
  const key = draw.one(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'pwned', '', '0', 'then'])
  const objects = placesOf(JSON.parse(text)).filter((steps) => isObject(at(JSON.parse(text), steps)))
  const root = JSON.parse(text) as unknown
  const steps = draw.one(objects)
  const value = draw.one<unknown>([null, 'x', { polluted: true }, ['x']])
  Object.defineProperty(at(root, steps), key, { value, enumerable: true, configurable: true })
  const content = `${JSON.stringify(root, null, 1)}\n`
  return {
    what: `${path}: ${steps.join('.')} has a key ${shown(key)}`,
    changes: [{ do: 'write', path, content }],
    named: path,
  }
}

function damagedText({ draw }: Subject, path: string, text: string): Corruption {
  const half = Math.floor(text.length / 2)
  const [what, content] = draw.one<[string, string | Buffer]>([
    ['is empty', ''],
    ['is cut', text.slice(0, half)],
    [
      'is not UTF-8 inside',
      Buffer.concat([Buffer.from(text.slice(0, half)), Buffer.from([0xff, 0xfe]), Buffer.from('}')]),
    ],
    ['has NULs', `\0\0${text}`],
    ['is nested deeply', '['.repeat(200_000)],
    ['is nested deeply in objects', '{"a":'.repeat(100_000)],
    ['has conflict marks', `<<<<<<< ours\n${text}=======\n${text}>>>>>>> theirs\n`],
    ['is a number', '5\n'],
    ['is null', 'null\n'],
    ['is a text', '"x"\n'],
    ['is large', `{"x":"${'y'.repeat(6_000_000)}"}`],
  ])
  return { what: `${path} ${what}`, changes: [{ do: 'write', path, content }], named: path }
}

/** The file in a wrong place; in the registry that alone is an error. */
function misplacedFile({ draw, template, read }: Subject, path: string, text: string): Corruption {
  const folder = path.slice(0, path.lastIndexOf('/'))
  const name = path.slice(folder.length + 1)
  const like = template.files.filter(
    (other) => other !== path && other.startsWith(`${folder}/`) && other.endsWith('.json'),
  )
  const other = like.length > 0 && draw.below(2) === 0 ? draw.one(like) : undefined
  if (other !== undefined)
    return { what: `${path} holds ${other}`, changes: [{ do: 'write', path, content: read(other) }], named: path }
  const into = `${folder}/${draw.one(['v2', 'v02', 'v999999999999', 'sub', 'v1', '__proto__', '-rf'])}/${name}`
  return {
    what: `${path} is also ${into}`,
    changes: [{ do: 'write', path: into, content: text }],
    named: folder === 'documents' ? into : undefined,
  }
}

function placesOf(value: unknown, steps: Step[] = []): Step[][] {
  const children: [Step, unknown][] = Array.isArray(value)
    ? value.slice(0, 3).map((item, index): [Step, unknown] => [index, item])
    : isObject(value)
      ? Object.entries(value)
      : []
  return [steps, ...children.flatMap(([key, child]) => placesOf(child, [...steps, key]))]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function at(root: unknown, steps: Step[]): unknown {
  return steps.reduce<unknown>((value, step) => (value as Record<Step, unknown>)[step], root)
}

function put(root: unknown, steps: Step[], value: unknown): unknown {
  const parent = at(root, steps.slice(0, -1)) as Record<Step, unknown>
  parent[steps.at(-1) ?? ''] = value
  return root
}
