// `fsck` names pages that quote what no document says any longer.
import { writeFileSync } from 'node:fs'
import { overviewMark } from '../../../src/core/page/overview-mark.ts'
import { cutPage } from '../../../src/core/page/page-text.ts'
import { expect, it } from 'vitest'
import { LiveBase } from '../../support/live-base.ts'

const TOPIC = 'wiki/entities/Acme-Corporation.md'
const LISTING = 'wiki/contents/entities.md'

async function makeBase(): Promise<LiveBase> {
  const base = await LiveBase.make()
  await base.add('Falcon', 'Sparrow', 'Otter')
  return base
}

/** What fsck says after a page was changed by hand and committed. */
async function problemsAfter(base: LiveBase, path: string, change: (text: string) => string): Promise<string[]> {
  const text = base.read(path)
  const changed = change(text)
  expect(changed).not.toBe(text)
  base.write(path, changed)
  base.git('commit', '-q', '-m', 'Damage a page', '--', path)
  await using kb = await base.open()
  return (await kb.fsck()).problems.map(({ code, path: where }) => `${code} ${where}`)
}

it('finds nothing wrong with overviews, descriptions and listings that kbgit wrote, after an update and a removal too', async () => {
  using base = await makeBase()
  await using kb = await base.open()
  expect(base.read(TOPIC)).toContain('3 documents on this page')
  expect((await kb.fsck()).problems).toEqual([])
  base.source('Sparrow', 'The Sparrow Engine was sold. Alice Smith of Acme Corporation moved it to Rome.')
  await kb.add([`${base.sources}/Sparrow.md`])
  expect((await kb.fsck()).problems).toEqual([])
  await kb.remove('Falcon')
  expect((await kb.fsck()).problems).toEqual([])
})

it('names the page whose overview quotes what is in none of its sections', async () => {
  using base = await makeBase()
  const overview = 'Acme Corporation rents out the Falcon Engine in Berlin. (On the Falcon)'
  const quoting = (text: string): string =>
    text
      .replace(/^3 documents on this page.*$/m, overview)
      .replace(/^overview: .*$/m, `overview: ${overviewMark(['Falcon', 'Sparrow', 'Otter'], overview)}`)
  expect(await problemsAfter(base, TOPIC, quoting)).toContain(`overviewStale ${TOPIC}`)
})

it('names the page that is described in the words of a document that is gone', async () => {
  using base = await makeBase()
  const described = (text: string): string => text.replace(/^described_by: .*$/m, 'described_by: gone')
  expect(await problemsAfter(base, TOPIC, described)).toEqual([`descriptionStale ${TOPIC}`])
})

it('names the listing page that describes a topic in words that its page does not have', async () => {
  using base = await makeBase()
  const told = (text: string): string =>
    text.replace(/(\|Acme Corporation\]\]: ).*/, '$1Acme Corporation went bankrupt.')
  expect(await problemsAfter(base, LISTING, told)).toEqual([`listingStale ${LISTING}`])
})

it('names pages that have text of a document that its source no longer has, but not what a person wrote', async () => {
  using base = await makeBase()
  const summary = 'wiki/summaries/Sparrow.md'
  const before = { topic: base.read(TOPIC), summary: base.read(summary) }
  const text = 'Acme Corporation lost the Sparrow Engine to a museum in Rome. Alice Smith is sad.'
  writeFileSync(base.source('Sparrow'), `# On the Sparrow\n\n${text}\n`)
  await using kb = await base.open()
  await kb.add([`${base.sources}/Sparrow.md`])
  const section = (page: string): string =>
    cutPage(page).sections.find(({ heading }) => heading.startsWith('[[summaries/Sparrow|'))?.text ?? ''
  const byHand = (page: string): string =>
    page.replace(section(page), `${section(page)}A person knows that the engine never left its shed.\n\n`)
  expect(await problemsAfter(base, TOPIC, byHand)).toEqual([])
  const restored = (page: string): string => page.replace(section(page), section(before.topic))
  expect(await problemsAfter(base, TOPIC, restored)).toEqual([`textStale ${TOPIC}`])
  const described = before.summary.split('\n').find((line) => line.startsWith('Acme Corporation sells')) ?? ''
  const points = (page: string): string => page.replace(/^Acme Corporation lost .*$/m, described)
  expect(await problemsAfter(base, summary, points)).toContain(`textStale ${summary}`)
})
