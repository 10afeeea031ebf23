// Pages, the configuration and git's attributes: text that a person could have edited, in this case a hostile one.
import { shown, type Corrupt, type Corruption, type Subject } from './corruption.ts'
import { hostilePaths } from './draw.ts'

const OWN_PAGE = /^wiki\/(?:summaries|concepts|entities)\/.*\.md$/

/** Values that no line of front matter may have, whatever the key is. */
const LISTS = ['[x, [y]]', '{a: {b: c}}', '\n  - x\n  - y', '\n  nested:\n    - x']

export const corruptFrontMatter: Corrupt = (subject) => {
  const { draw, template, target, read } = subject
  const path = draw.one(template.files.filter((file) => OWN_PAGE.test(file) || file.startsWith('wiki/explorations/')))
  const text = read(path)
  const end = text.indexOf('\n---\n', 4)
  const lines = text.slice(4, end).split('\n')
  const number = draw.one(lines.flatMap((line, index) => (/^\w+:/.test(line) ? [index] : [])))
  const key = /^\w+/.exec(lines[number] ?? '')?.[0] ?? ''
  const value = draw.one([
    ...hostilePaths(target).map((each) => JSON.stringify(each)),
    ...LISTS,
    'null',
    '-1',
    '1e999',
    '!!js/function "function () {}"',
    '!!binary x',
    '&a [*a, *a]',
    '|\n  many\n  lines',
    '"unclosed',
    "'",
    '{',
    '"<% tp.system.prompt() %>"',
    'x'.repeat(100_000),
  ])
  lines[number] = `${key}: ${value}`
  const always = path.startsWith('wiki/summaries/') && ['document', 'sha256', 'format'].includes(key)
  const content = `---\n${lines.join('\n')}${text.slice(end)}`
  return {
    what: `${path}: ${key}: ${shown(value)}`,
    changes: [{ do: 'write', path, content }],
    named: always ? path : undefined,
  }
}

export const corruptPage: Corrupt = (subject) => {
  const { draw, template, read } = subject
  const path = draw.one(template.files.filter((file) => /^wiki\/.*\.md$/.test(file)))
  const text = read(path)
  return draw.one(PAGE_DAMAGES)(subject, path, text)
}

type Damage = (subject: Subject, path: string, text: string) => Corruption

const PAGE_DAMAGES: Damage[] = [
  (_, path, text) =>
    of(path, 'has no front matter', text.replace(/^---\n[\s\S]*?\n---\n/, ''), path.startsWith('wiki/summaries/')),
  (_, path, text) =>
    of(path, 'has front matter without an end', text.replace(/\n---\n/, '\n'), path.startsWith('wiki/summaries/')),
  (_, path, text) => of(path, 'has front matter twice', text.replace(/^(---\n[\s\S]*?\n---\n)/, '$1$1')),
  (_, path) => of(path, 'is empty', '', path.startsWith('wiki/summaries/')),
  (_, path, text) =>
    of(path, 'is not UTF-8', Buffer.concat([Buffer.from([0xff, 0xc0, 0x80]), Buffer.from(text, 'latin1')])),
  (_, path, text) => of(path, 'has NULs', text.replace(/\n/g, '\n\0')),
  (_, path, text) => of(path, 'ends lines with CR LF', text.replace(/\n/g, '\r\n')),
  (_, path, text) => of(path, 'has its sections twice', text + text.slice(Math.max(0, text.indexOf('\n## ')))),
  ({ draw, target }, path, text) => {
    const to = draw.one(hostilePaths(target)).replace(/[\n\0\]|]/g, '')
    return of(
      path,
      `links to ${shown(to)}`,
      text.replace(/\[\[[^\]|]*/g, `[[${to}`).replace(/\]\([^)]*\)/g, `](<${to}>)`),
    )
  },
  ({ draw, target }, path, text) => {
    const to = draw.one(hostilePaths(target)).replace(/[\n\0\]|]/g, '')
    return of(path, `has sections of ${shown(to)}`, text.replace(/^## .*$/gm, `## [[summaries/${to}|x]]`))
  },
  (_, path, text) => of(path, 'opens ten thousand links', `${text}\n${'[['.repeat(10_000)}\n`),
  (_, path, text) => of(path, 'opens ten thousand quotes', `${text}\n${'> '.repeat(10_000)}x\n`),
  (_, path, text) => of(path, 'has lines of entries for itself', `${text}\n${`- [[${path}]]\n`.repeat(2_000)}`),
  (_, path, text) => of(path, 'has lost its entries', text.replace(/^- .*\n/gm, '')),
  (_, path, text) => of(path, 'has conflict marks', `<<<<<<< ours\n${text}=======\n${text}>>>>>>> theirs\n`),
  (_, path, text) => of(path, 'has raw HTML', `${text}\n<script>alert(1)</script>\n<%* x %>\n`),
]

function of(path: string, what: string, content: string | Buffer, named = false): Corruption {
  return { what: `${path} ${what}`, changes: [{ do: 'write', path, content }], named: named ? path : undefined }
}

export const corruptConfig: Corrupt = ({ draw, target, read }) => {
  const text = read('kbgit.yaml')
  const key = draw.one([
    'version',
    'model',
    'base_url',
    'language',
    'file_processing_jobs',
    'concurrency',
    'pageindex_threshold',
    'raw_git_limit',
    'lock_wait',
    'entity_types',
    'limits',
    '__proto__',
    'constructor',
    'pwned',
  ])
  const value = draw.one([
    ...hostilePaths(target).map((each) => JSON.stringify(each)),
    'null',
    '[]',
    '{}',
    '-1',
    '0',
    '1e999',
    '999999999999',
    '[[x]]',
    '&a [*a]',
    '!!js/function "x"',
    '"',
    'x: y: z',
    '{source_max: -1}',
    '{convert_timeout: x}',
    '"\\u0000"',
    'x'.repeat(100_000),
  ])
  const content =
    draw.below(8) === 0
      ? draw.one(['', '\0', '[]', '- x', '%', 'a: &a [*a, *a]\n'.repeat(3)])
      : `${text.replace(new RegExp(`^${key}:.*\n`, 'm'), '')}${key}: ${value}\n`
  return { what: `kbgit.yaml: ${shown(content.slice(-80))}`, changes: [{ do: 'write', path: 'kbgit.yaml', content }] }
}

export const corruptAttributes: Corrupt = ({ draw }) => {
  const path = `${draw.one(['', 'wiki/', 'raw/', 'documents/', 'wiki/sources/'])}.gitattributes`
  const line = draw.one([
    '* filter=evil',
    '* filter=lfs diff=lfs merge=lfs -text',
    '* text eol=crlf',
    '* ident',
    '* working-tree-encoding=ISO-8859-1',
    '* merge=evil',
    '* merge=union',
    '* -text -merge',
    '* export-ignore',
    '* binary',
    '[attr]evil filter=evil',
    '\0',
    'x'.repeat(100_000),
  ])
  return { what: `${path}: ${shown(line)}`, changes: [{ do: 'write', path, content: `${line}\n` }] }
}
