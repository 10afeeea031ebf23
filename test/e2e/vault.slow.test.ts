// A vault of 500 notes keeps its graph: whatever link leads from one note to another in the vault leads from the text of
// the one document to the other, and nothing else does.
import { posix } from 'node:path'
import { expect, it } from 'vitest'
import { linksOf, resolveLink } from '../../src/core/page/wiki-links.ts'
import { png } from '../support/documents.ts'
import { Workplace } from '../support/workplace.ts'

const NOTES = 500
const FOLDERS = ['', 'work', 'work/deep', 'life', 'archive/2024', 'Ünïcode folder']

type Note = { path: string; alias: string | undefined; lines: string[] }

/** A sequence that is the same in every run. */
function draws(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

/** Notes, and the edges that their links are meant to make. */
function vault(): { notes: Note[]; edges: Set<string> } {
  const draw = draws(7)
  const notes = Array.from({ length: NOTES }, (_, at): Note => {
    const folder = FOLDERS[at % FOLDERS.length] ?? ''
    // Some have the name of another in a different folder; these are linked by path alone.
    const name =
      at % 7 === 3 && folder !== '' ? `Shared ${Math.floor(at / 14)}` : `Note ${at} (${at % 3 === 0 ? 'é' : 'a'})`
    return { path: posix.join(folder, `${name}.md`), alias: at % 10 === 0 ? `Alias of ${at}` : undefined, lines: [] }
  })
  const counts = Map.groupBy(notes, ({ path }) => posix.basename(path).toLowerCase())
  const edges = new Set<string>()
  for (const from of notes) {
    for (let count = 1 + draw(8); count > 0; count--) {
      const to = notes[draw(NOTES)]
      if (to === undefined) continue
      from.lines.push(line(from, to, (counts.get(posix.basename(to.path).toLowerCase())?.length ?? 0) === 1, draw))
      edges.add(`${from.path} → ${to.path}`)
    }
    from.lines.push(`Nothing here: [[Missing ${draw(1000)}]], [gone](gone/Missing.md), \`[[${from.path}]]\`.`)
  }
  return { notes, edges }
}

function line(from: Note, to: Note, isUnique: boolean, draw: (below: number) => number): string {
  const bare = to.path.replace(/\.md$/, '')
  const name = posix.basename(bare)
  const relative = posix.relative(posix.dirname(from.path), to.path)
  const byPath = [
    `See [[${bare}]].`,
    `See [[${bare}|the other]] again.`,
    `| a | b |\n|---|---|\n| [[${bare}\\|cell]] | x |`,
    `- See [text](${encodeURI(relative).replaceAll('(', '%28').replaceAll(')', '%29')}).`,
    `> See [**bold**](<${relative}>).`,
    `See [by reference][r${from.lines.length}].\n\n[r${from.lines.length}]: <${relative}>`,
    `![[${bare}]]`,
  ]
  const byName = [
    `See [[${name}]] and [[${name.toUpperCase()}]].`,
    `See [[${name}#Part one]].`,
    `See [[${name}#^block]], **[[${name}|bold]]**.`,
    `1. ![[${name}#Part one|embedded]]`,
    ...(to.alias === undefined ? [] : [`See [[${to.alias}]].`]),
  ]
  const forms = isUnique ? [...byPath, ...byName] : byPath
  return forms[draw(forms.length)] ?? ''
}

it('adds a vault of 500 notes with the same edges, in two runs, and follows a removal', async () => {
  using place = await Workplace.withBase()
  const { notes, edges } = vault()
  for (const { path, alias, lines } of notes)
    place.write(
      `vault/${path}`,
      `${alias === undefined ? '' : `---\naliases: ["${alias}"]\n---\n`}# ${posix.basename(path, '.md')}\n\n${lines.join('\n\n')}\n\n## Part one\n\nThe pump of ${path} is a machine. ^block\n\n![[shot.png|200]]\n`,
    )
  place.write('vault/.obsidian/app.json', '{"attachmentFolderPath": "files"}')
  place.write('vault/files/shot.png', png(64, 1))

  expect((await place.kbgit('add', `${place.dir}/vault/work`)).code).toBe(0)
  // Added from another folder, these have another context; linked documents are found anyway.
  expect((await place.kbgit('add', `${place.dir}/vault`)).code).toBe(0)
  expect(edgesOf(place)).toEqual([...edges].sort())
  expect(await place.kbgit('fsck')).toMatchObject({ code: 0 })

  const gone = notes[42]
  const listed = JSON.parse((await place.kbgit('list', '--json')).stdout) as {
    documents: { name: string; origin: string }[]
  }
  const document = listed.documents.find(({ origin }) => origin.endsWith(`/vault/${gone?.path}`))
  expect((await place.kbgit('remove', '-y', document?.name ?? '')).code).toBe(0)
  const rest = [...edges].filter((edge) => !edge.split(' → ').includes(gone?.path ?? ''))
  expect(edgesOf(place)).toEqual(rest.sort())
  expect(await place.kbgit('fsck')).toMatchObject({ code: 0 })
}, 900_000)

/** From the links in the texts of all documents. */
function edgesOf(place: Workplace): string[] {
  const paths = place
    .git('ls-files', '-z', 'documents')
    .split('\0')
    .filter((path) => path.endsWith('.json'))
  const records = paths.map(
    (path) => JSON.parse(place.read(path)) as { origin: string; source: string; summary: string },
  )
  const owners = new Map(
    records.flatMap(({ origin, source, summary }) => [[source, origin] as const, [summary, origin] as const]),
  )
  const short = (origin: string): string => origin.slice(origin.indexOf('/vault/') + '/vault/'.length)
  const edges = new Set<string>()
  for (const { origin, source } of records) {
    const text = place.read(source)
    expect(text, source).toContain('](')
    for (const link of linksOf(text)) {
      const to = resolveLink(source, link)
        .map((path) => owners.get(path))
        .find((owner) => owner !== undefined)
      if (to !== undefined) edges.add(`${short(origin)} → ${short(to)}`)
    }
  }
  return [...edges].sort()
}
