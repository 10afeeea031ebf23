import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LiveBase } from '../../support/live-base.ts'

const remark = 'My remark: ask Alice about this.'

/** Writes and adds a note with one sentence about the harbour office. */
async function addNote(base: LiveBase, name: string, day: string): Promise<string[]> {
  const path = join(base.sources, `${name}.md`)
  writeFileSync(path, `# ${name}\n\nThe Harbour Office is closed on ${day}.\n`)
  return (await (await base.open()).add([path])).edits?.kept ?? []
}

/** Lines of the wiki at HEAD that contain a text. */
function wikiLines(base: LiveBase, text: string): string[] {
  const files = base.git('ls-tree', '-r', '--name-only', 'HEAD', 'wiki').split('\n')
  return files.flatMap((file) =>
    base
      .git('show', `HEAD:${file}`)
      .split('\n')
      .filter((line) => line.includes(text))
      .map((line) => `${file}: ${line}`),
  )
}

const PAGE = 'wiki/entities/Harbour-Office.md'

describe('a line that a person adds inside a section', () => {
  it('stays when the document is updated, again and again', async () => {
    using base = await LiveBase.make()
    for (const name of ['Tides', 'Boats']) await addNote(base, name, 'Sundays')
    base.append(PAGE, `\n${remark}\n`)
    for (const day of ['Mondays', 'Fridays']) {
      expect(await addNote(base, 'Boats', day)).toEqual([])
      expect(base.read(PAGE)).toContain(remark)
      expect(base.read(PAGE)).toContain(day)
    }
    expect(base.read(PAGE)).not.toContain('Mondays')
    expect(await base.check()).toEqual([])
  })

  it('stays, and the page is reported, if the document changed the sentence that the person changed', async () => {
    using base = await LiveBase.make()
    for (const name of ['Tides', 'Boats']) await addNote(base, name, 'Sundays')
    const [, section = ''] = base.read(PAGE).split('[[summaries/Boats')
    const sentence = section.split('\n').find((line) => line.includes('closed')) ?? ''
    base.write(PAGE, base.read(PAGE).replace(section, section.replace(sentence, remark)))
    expect(await addNote(base, 'Boats', 'Mondays')).toEqual([PAGE])
    expect(base.read(PAGE)).toContain(remark)
  })
})

describe('what a document no longer says', () => {
  it('is on no page after an update', async () => {
    using base = await LiveBase.make()
    for (const day of ['Sundays', 'Mondays'])
      for (const name of ['Tides', 'Boats', 'Ferries']) await addNote(base, name, day)
    expect(wikiLines(base, 'Sundays')).toEqual([])
  })

  it('is on no page after a removal, in the same commit', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon', 'Sparrow', 'Heron')
    await (await base.open()).remove('Falcon')
    expect(base.subjects()[0]).toBe('remove: Falcon')
    expect(wikiLines(base, 'Falcon Engine')).toEqual([])
    expect((await (await base.open()).status()).overviewDue ?? []).toEqual([])
    expect(await base.check()).toEqual([])
  })
})
