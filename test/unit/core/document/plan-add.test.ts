import { describe, expect, it } from 'vitest'
import type { DocumentRecord } from '../../../../src/core/document/document.ts'
import { Batch, type AddPlan, type Hashed } from '../../../../src/core/document/plan-add.ts'
import { collisionKey } from '../../../../src/core/page/slug.ts'

type Known = { name: string; sha256: string; origin: string; raw?: string; attachedTo?: string[] }

function registryOf(documents: Known[]) {
  const records = documents as unknown as DocumentRecord[]
  return {
    documentByDigest: (sha256: string) => records.find((record) => record.sha256 === sha256),
    documentByOrigin: (origin: string) => records.find((record) => record.origin === origin),
    documentByName: (name: string) => records.find((record) => record.name === name && record.raw !== undefined),
    documentNameTaken: (key: string) => records.some((record) => collisionKey(record.name) === key),
  }
}

const file = (origin: string, sha256: string): Hashed => {
  const name = origin.slice(origin.lastIndexOf('/') + 1)
  return { origin, sha256, stem: name.replace(/\.[^.]*$/, '') }
}

const brief = (plan: AddPlan): string => {
  switch (plan.kind) {
    case 'add':
      return `add ${plan.name}`
    case 'update':
      return `update ${plan.document.name}`
    case 'skip':
      return `${plan.reason} ${plan.name}`
    case 'wait':
      return `wait ${plan.on}`
  }
}

const KNOWN: Known[] = [
  { name: 'a', sha256: 'A', origin: '/d/a.md' },
  { name: 'b', sha256: 'B', origin: '/d/b.md' },
]

describe('planAdd for one run in scan order', () => {
  const cases: { behaviour: string; known?: Known[]; files: [origin: string, sha256: string][]; plans: string[] }[] = [
    { behaviour: 'adds what is new', files: [['/x/New File.md', 'N']], plans: ['add New-File'] },
    {
      behaviour: 'finds an unchanged file by its path',
      known: KNOWN,
      files: [['/d/a.md', 'A']],
      plans: ['unchanged a'],
    },
    {
      behaviour: 'updates a known path with new content',
      known: KNOWN,
      files: [['/d/a.md', 'N']],
      plans: ['update a'],
    },
    { behaviour: 'skips a copy', known: KNOWN, files: [['/e/copy.md', 'A']], plans: ['duplicate a'] },
    {
      behaviour: 'skips a known path that now has the content of another document',
      known: KNOWN,
      files: [['/d/a.md', 'B']],
      plans: ['duplicate b'],
    },
    {
      behaviour: 'skips both of two files that were swapped',
      known: KNOWN,
      files: [
        ['/d/a.md', 'B'],
        ['/d/b.md', 'A'],
      ],
      plans: ['duplicate b', 'duplicate a'],
    },
    {
      behaviour: 'numbers equal stems',
      files: [
        ['/x/n.md', '1'],
        ['/y/n.pdf', '2'],
        ['/z/N.txt', '3'],
      ],
      plans: ['add n', 'add n-2', 'add N-3'],
    },
    {
      behaviour: 'numbers on from names that the base has',
      known: KNOWN,
      files: [
        ['/x/a.md', '1'],
        ['/x/b.txt', '2'],
      ],
      plans: ['add a-2', 'add b-2'],
    },
    {
      behaviour: 'lets the second of two equal files wait, and reserves no name for it',
      files: [
        ['/x/n.md', '1'],
        ['/y/n.md', '1'],
        ['/z/n.md', '2'],
      ],
      plans: ['add n', 'wait /x/n.md', 'add n-2'],
    },
    {
      behaviour: 'lets a file wait whose content is about to be replaced in the base, with a name of its own',
      known: KNOWN,
      files: [
        ['/d/a.md', 'N'],
        ['/d/a.1.md', 'A'],
        ['/e/a.1.md', 'M'],
      ],
      plans: ['update a', 'wait /d/a.md', 'add a.1-2'],
    },
    {
      behaviour: 'lets a copy of an update wait',
      known: KNOWN,
      files: [
        ['/d/a.md', 'N'],
        ['/e/a.md', 'N'],
      ],
      plans: ['update a', 'wait /d/a.md'],
    },
    {
      behaviour: 'keeps names apart that differ in case or Unicode form alone',
      files: [
        ['/x/É.md', '1'],
        ['/x/e\u0301.md', '2'],
      ],
      plans: ['add É', 'add é-2'],
    },
  ]
  it.each(cases)('$behaviour', ({ known = [], files, plans }) => {
    const batch = new Batch()
    expect(files.map(([origin, sha256]) => brief(batch.plan(file(origin, sha256), registryOf(known))))).toEqual(plans)
  })
})

describe('a candidate that waited', () => {
  it('is a duplicate once the first is committed', () => {
    const batch = new Batch()
    const [first, second] = [file('/x/n.md', '1'), file('/y/m.md', '1')]
    batch.plan(first, registryOf([]))
    batch.plan(second, registryOf([]))
    batch.finish(first, 'committed')
    expect(brief(batch.plan(second, registryOf([{ name: 'n', sha256: '1', origin: '/x/n.md' }])))).toBe('duplicate n')
  })

  it('takes over the name of the first if that failed and its own would be the same', () => {
    const batch = new Batch()
    const [first, second] = [file('/x/n.bin', '1'), file('/y/n.md', '1')]
    batch.plan(first, registryOf([]))
    batch.plan(file('/z/n.md', '2'), registryOf([]))
    batch.finish(first, 'failed')
    expect(brief(batch.plan(second, registryOf([])))).toBe('add n')
  })

  it('gets a name that does not depend on the progress of the scan if the first had another', () => {
    const sha256 = 'abcdef0123456789'
    const names = [0, 5].map((ahead) => {
      const batch = new Batch()
      const first = file('/x/first.md', sha256)
      batch.plan(first, registryOf([]))
      for (let i = 0; i < ahead; i++) batch.plan(file(`/z${i}/second.md`, `other ${i}`), registryOf([]))
      batch.finish(first, 'failed')
      return brief(batch.plan(file('/y/second.md', sha256), registryOf([])))
    })
    expect(names).toEqual(['add second-abcdef01', 'add second-abcdef01'])
  })

  it('is added under the name reserved for it once its old document has other content', () => {
    const batch = new Batch()
    const [update, rotated] = [file('/d/a.md', 'N'), file('/d/a.1.md', 'A')]
    batch.plan(update, registryOf(KNOWN))
    batch.plan(rotated, registryOf(KNOWN))
    batch.plan(file('/e/a.1.md', 'M'), registryOf(KNOWN))
    batch.finish(update, 'committed')
    expect(brief(batch.plan(rotated, registryOf([{ name: 'a', sha256: 'N', origin: '/d/a.md' }])))).toBe('add a.1')
  })

  it('is a duplicate if that update fails', () => {
    const batch = new Batch()
    const [update, rotated] = [file('/d/a.md', 'N'), file('/d/a.1.md', 'A')]
    batch.plan(update, registryOf(KNOWN))
    batch.plan(rotated, registryOf(KNOWN))
    batch.finish(update, 'failed')
    expect(brief(batch.plan(rotated, registryOf(KNOWN)))).toBe('duplicate a')
  })
})

describe('a web page', () => {
  it('keeps the name that was reserved before it was fetched', () => {
    const batch = new Batch()
    const name = batch.reserve('page', registryOf([]))
    expect(brief(batch.plan(file('/x/page.md', '1'), registryOf([])))).toBe('add page-2')
    expect(brief(batch.plan({ origin: 'https://a.test/page', stem: 'page', sha256: '2', name }, registryOf([])))).toBe(
      'add page',
    )
  })
})

it('updates a known file that is to be read in another way', () => {
  const registry = registryOf(KNOWN)
  expect(brief(new Batch().plan({ ...file('/d/a.md', 'A'), force: true }, registry))).toBe('update a')
  expect(brief(new Batch().plan({ ...file('/d/c.md', 'A'), force: true }, registry))).toBe('duplicate a')
})

describe('equal stems of files with extensions', () => {
  const found = (name: string, extension: string, sha256: string): Hashed => ({
    origin: `/x/${sha256}/${name}${extension}`,
    stem: name,
    sha256,
    extension,
  })
  const names = (batch: Batch, files: Hashed[], known: Known[] = []): string[] =>
    files.map((each) => {
      const plan = batch.plan(each, registryOf(known))
      return plan.kind === 'add' ? plan.name : plan.kind
    })

  it('are distinguished by format, and by number if that is the same', () => {
    const files = [
      found('test', '.docx', '1'),
      found('test', '.epub', '2'),
      found('test', '.docx', '3'),
      found('test', '.epub', '4'),
    ]
    expect(names(new Batch(), files)).toEqual(['test', 'test-epub', 'test-2', 'test-3'])
  })

  it('are also distinguished from a document in the base', () => {
    const known = [{ name: 'test', sha256: '9', origin: '/y/test.docx', raw: 'raw/test.docx.pointer' }]
    expect(names(new Batch(), [found('test', '.epub', '1')], known)).toEqual(['test-epub'])
    expect(names(new Batch(), [found('test', '.docx', '1')], known)).toEqual(['test-2'])
  })

  it('whether the message that has one of them attached is in the base yet or not', () => {
    const attached = { name: 'mail-test', sha256: '1', origin: '/y/mail.eml/test.docx', attachedTo: ['mail'] }
    const files = [found('test', '.docx', '1'), found('test', '.docx', '2')]
    expect(names(new Batch(), files)).toEqual(['test', 'test-2'])
    expect(names(new Batch(), files, [attached])).toEqual(['skip', 'test-2'])
  })
})
