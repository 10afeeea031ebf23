// What git can have in a tree other than files: links, other repositories, invalid names, names that clash.
import type { Corrupt } from './corruption.ts'
import { shown } from './corruption.ts'
import { join } from 'node:path'

const CHECKED = /^(?:wiki|raw|documents)(?:\/|$)/

export const corruptLink: Corrupt = ({ draw, template, target }) => {
  const path = draw.one(placesOf(template.files))
  const to = draw.one([
    target,
    join(target, 'note.md'),
    join(target, 'missing'),
    '../../../..',
    '..',
    '.',
    '.git',
    '../.git',
    '../.git/hooks',
    '../../.git/config',
    path.slice(path.lastIndexOf('/') + 1),
    'tide.md',
    '/dev/zero',
    '/dev/stdin',
    '/proc/self/mem',
  ])
  return {
    what: `${path} is a link to ${to}`,
    changes: [{ do: 'link', path, target: to }],
    named: CHECKED.test(path) ? path : undefined,
  }
}

export const corruptGitlink: Corrupt = ({ draw, template }) => {
  const path = draw.one([...placesOf(template.files), 'wiki/summaries/sub', 'documents/sub.json', 'raw/sub'])
  const modules = draw.below(2) === 0
  const content = `[submodule "x"]\n\tpath = ${path}\n\turl = ${draw.one(['../../x', '-u./payload', 'ext::sh -c "touch pwned"', 'file:///'])}\n\tupdate = !touch pwned\n`
  return {
    what: `${path} is a submodule${modules ? ' that .gitmodules knows' : ''}`,
    changes: [{ do: 'gitlink', path }, ...(modules ? [{ do: 'write' as const, path: '.gitmodules', content }] : [])],
    named: CHECKED.test(path) ? path : undefined,
  }
}

export const corruptName: Corrupt = ({ draw, template, read }) => {
  const record = template.files.find((path) => /^documents\/.*\.json$/.test(path)) ?? ''
  const folder = draw.one(['', 'documents', 'wiki', 'wiki/summaries', 'wiki/concepts', 'wiki/sources', 'raw'])
  const name = draw.one([
    ...[
      '.',
      '..',
      '.git',
      '.GIT',
      'git~1',
      '.git ',
      '.git\u200c',
      '.gitmodules',
      'a\\b',
      'tab\t.md',
      'new\nline.md',
      'x'.repeat(300),
      '-rf.md',
      '__proto__',
    ].map((each) => Buffer.from(each)),
    Buffer.from([0xff, 0xfe, 0x2e, 0x6d, 0x64]),
  ])
  const nested = draw.below(2) === 0 ? draw.one(['pwned.md', 'pwned.json', 'config']) : undefined
  const wrong = !['-rf.md', '__proto__'].includes(name.toString())
  return {
    what: `${folder}/ has an entry ${shown(name.toString())}${nested === undefined ? '' : ' with a file in it'}`,
    changes: [{ do: 'entry', folder, name, content: read(record), ...(nested === undefined ? {} : { nested }) }],
    named: folder !== '' && wrong ? folder : undefined,
  }
}

export const corruptCase: Corrupt = ({ draw, template, read }) => {
  const path = draw.one(
    template.files.filter((file) => /^(?:wiki|raw|documents)\/.*[a-z].*\.(?:md|json|pdf)$/i.test(file)),
  )
  const parts = path.split('/')
  const number = parts.length - 1 - draw.below(parts.length - 1)
  const clash = parts.map((part, index) => (index === number ? swapCase(part) : part)).join('/')
  return { what: `${clash} beside ${path}`, changes: [{ do: 'write', path: clash, content: read(path) }], named: clash }
}

function swapCase(text: string): string {
  return [...text].map((each) => (each === each.toLowerCase() ? each.toUpperCase() : each.toLowerCase())).join('')
}

/** Files, and the folders that hold them. */
function placesOf(files: readonly string[]): string[] {
  const folders = files.flatMap((path) => {
    const parts = path.split('/').slice(0, -1)
    return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
  })
  return [...new Set([...files, ...folders])]
}
