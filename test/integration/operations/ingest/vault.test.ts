// Notes that link each other: their links lead to documents, whatever comes first, and follow what happens to them.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { png } from '../../../support/documents.ts'
import { LiveBase } from '../../../support/live-base.ts'

class Vault implements Disposable {
  readonly base: LiveBase

  private constructor(base: LiveBase) {
    this.base = base
  }

  static async make(config = ''): Promise<Vault> {
    return new Vault(await LiveBase.make({ config }))
  }

  write(path: string, content: string | Buffer): string {
    const file = join(this.base.sources, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
    return file
  }

  async add(...paths: string[]) {
    const inputs = paths.length === 0 ? [this.base.sources] : paths.map((path) => join(this.base.sources, path))
    return (await this.base.open()).add(inputs)
  }

  text(name: string): string {
    return this.base.read(`wiki/sources/${name}.md`).trim()
  }

  [Symbol.dispose](): void {
    this.base[Symbol.dispose]()
  }
}

describe('a link between notes', () => {
  test('leads to the page of the document, also if that is added later or in another run', async () => {
    using vault = await Vault.make()
    vault.write('A.md', 'To [[B]], [[sub/C|the third]], [b](B.md "Title") and [[Nowhere]].\n')
    vault.write('B.md', 'Back to [[a]] and [c](sub/C.md#Part).\n')
    vault.write('sub/C.md', '# C\n\n## Part\n\nUp to [a](../A.md), ![[B]] and [[#Part]].\n')
    await vault.add('A.md')
    expect(vault.text('A')).toBe('To B, the third, b and Nowhere.')
    await vault.add()
    expect(vault.text('A')).toBe('To [[summaries/B|B]], [[summaries/C|the third]], [[summaries/B|b]] and Nowhere.')
    expect(vault.text('B')).toBe('Back to [[summaries/A|a]] and [[sources/C#Part|c]].')
    expect(vault.text('C')).toContain('Up to [[summaries/A|a]], [[summaries/B|B]] and [[sources/C#Part|Part]].')
    expect(await vault.base.check()).toEqual([])
  })

  test('is never in a description, a title or a key point', async () => {
    using vault = await Vault.make()
    vault.write(
      'A.md',
      '# On [[B]] and [c](C.md)\n\nThe [[B|second]] engine of [[B#Part]] is a [machine](B.md) in Paris.\n',
    )
    vault.write('B.md', '# B\n\nThe engine is a machine.\n')
    await vault.add()
    expect(vault.base.read('wiki/summaries/A.md')).toMatch(/^title: "On B and c"$/m)
    expect(vault.base.read('wiki/summaries/A.md')).toMatch(/^description: "The second engine of B > Part is a machine/m)
    expect(vault.base.read('wiki/summaries/A.md')).not.toMatch(/\[\[(?:B|summaries\/B)|\]\(B\.md/)
  })

  test('in a table, in a list and around marks stays in place, and code has none', async () => {
    using vault = await Vault.make()
    vault.write('B.md', '# B\n\nThe engine is a machine.\n')
    vault.write(
      'A.md',
      '| A | B |\n|---|---|\n| [[B\\|text]] | a |\n\n- [[B]]\n\n`[[B]]` and **[[B]]** and $x_{[[B]]}$ and [**b**](B.md)\n',
    )
    await vault.add()
    expect(vault.text('A')).toBe(
      [
        '| A | B |\n|---|---|\n| [text](../summaries/B.md) | a |',
        '- [[summaries/B|B]]',
        '`[[B]]` and **[[summaries/B|B]]** and $x_{[{}[B]]}$ and [**b**](../summaries/B.md)',
      ].join('\n\n'),
    )
  })

  test('follows its document: removed, added again, renamed', async () => {
    using vault = await Vault.make()
    vault.write('A.md', 'To [[B]] and [b](B.md).\n')
    vault.write('B.md', '# B\n\nThe engine is a machine. See [a](A.md).\n')
    await vault.add()
    const linked = 'To [[summaries/B|B]] and [[summaries/B|b]].'
    expect(vault.text('A')).toBe(linked)
    await (await vault.base.open()).remove('B')
    expect(vault.text('A')).toBe('To B and b.')
    expect(await vault.base.check()).toEqual([])
    await vault.add()
    expect(vault.text('A')).toBe(linked)

    // As an editor renames a note: the file, and the links to it.
    renameSync(join(vault.base.sources, 'B.md'), join(vault.base.sources, 'Renamed.md'))
    vault.write('A.md', 'To [[Renamed]] and [b](Renamed.md).\n')
    expect(await vault.add()).toMatchObject({
      updated: [{ name: 'A' }],
      skipped: [{ reason: 'duplicate', name: 'B' }],
    })
    expect(vault.text('A')).toBe('To [[summaries/B|Renamed]] and [[summaries/B|b]].')
    expect(JSON.parse(vault.base.read('documents/B.json'))).toMatchObject({
      origin: join(vault.base.sources, 'Renamed.md'),
    })
    expect(await vault.base.check()).toEqual([])
  })

  test('leads to the nearest of two notes with one name, in whichever order they come', async () => {
    using vault = await Vault.make()
    vault.write('x/A.md', 'To [[Plan]].\n')
    vault.write('y/Plan.md', '# Far plan\n\nThe engine is a machine.\n')
    vault.write('x/Plan.md', '# Near plan\n\nThe engine is a pump.\n')
    await vault.add('x/A.md', 'y/Plan.md')
    expect(vault.text('A')).toBe('To [[summaries/Plan|Plan]].')
    await vault.add()
    expect(vault.text('A')).toBe('To [[summaries/Plan-2|Plan]].')
    await (await vault.base.open()).remove('Plan-2')
    expect(vault.text('A')).toBe('To [[summaries/Plan|Plan]].')
  })

  test('is gone with the run that is undone', async () => {
    using vault = await Vault.make()
    vault.write('A.md', 'To [[B]] and [[C]].\n')
    vault.write('B.md', '# B\n\nThe engine is a machine.\n')
    vault.write('C.md', '# C\n\nThe engine is a pump.\n')
    await vault.add('A.md')
    await vault.add('B.md')
    await vault.add('C.md')
    await (await vault.base.open()).undo({ runs: 2 })
    expect(vault.text('A')).toBe('To B and C.')
    expect(await vault.base.check()).toEqual([])
  })

  test('is the same after a recompile', async () => {
    using vault = await Vault.make()
    vault.write('A.md', '# A\n\nThe engine of [[B]] is a machine. ![[p.png]] and [[B]] again.\n')
    vault.write('B.md', '# B\n\nThe engine is a machine.\n')
    vault.write('p.png', png(64, 1))
    await vault.add()
    const [text, summary] = [vault.text('A'), vault.base.read('wiki/summaries/A.md')]
    expect(text).toContain('[[summaries/B|B]] is a machine. ![p.png](images/A/1.png) and [[summaries/B|B]] again.')
    await (await vault.base.open()).recompile({ all: true })
    expect([vault.text('A'), vault.base.read('wiki/summaries/A.md')]).toEqual([text, summary])
  })

  test('in a text that a merge brought together is written by lint --fix', async () => {
    using vault = await Vault.make()
    vault.write('A.md', 'To [[B]].\n')
    await vault.add()
    vault.base.git('checkout', '-q', '-b', 'other', 'HEAD~1')
    vault.write('B.md', '# B\n\nThe engine is a machine.\n')
    await vault.add('B.md')
    vault.base.git('merge', '-q', '-m', 'Merge', '-X', 'ours', '-')
    await (await vault.base.open()).lint({ fix: true })
    expect(vault.text('A')).toBe('To [[summaries/B|B]].')
    expect(await vault.base.check()).toEqual([])
  })
})

test('links to a document that git took back are text again after lint --fix', async () => {
  using vault = await Vault.make()
  vault.write('B.md', '# B\n\nThe engine is a machine.\n')
  await vault.add()
  const commit = vault.base.git('rev-parse', ':/^add: B')
  vault.write('A.md', 'To [[B]] and [**b**](B.md).\n')
  await vault.add()
  expect(vault.text('A')).toContain('[[summaries/B|B]]')
  vault.base.git('revert', '--no-edit', '-X', 'ours', commit)
  await (await vault.base.open()).lint({ fix: true })
  expect(vault.text('A')).toBe('To B and **b**.')
})

describe('what a note says in its front matter', () => {
  const front = [
    '---',
    'title: Plan',
    'aliases: [PP, Grand Plan]',
    'tags: [proj/alpha, "#beta"]',
    'rating: 5',
    'related: "[[B]]"',
    'nested: {deep: [x, "[[B|b]]"], __proto__: {a: 1}}',
    'mark: "<% tp %>"',
    '---',
  ].join('\n')

  test('is kept on the summary, and found', async () => {
    using vault = await Vault.make()
    vault.write('A.md', `${front}\n\n# Plan\n\nThe engine is a machine.\n`)
    vault.write('B.md', 'To [[grand plan]] and [[PP]].\n')
    await vault.add()
    const summary = vault.base.read('wiki/summaries/A.md')
    expect(summary).toContain('aliases: ["PP", "Grand Plan"]\ntags: ["proj/alpha", "beta"]\nproperties:\n')
    expect(summary).toContain('  rating: 5\n  related: B\n  nested:\n    deep:\n      - x\n      - b\n')
    expect(summary).not.toContain('<%')
    expect(vault.text('A')).toContain('related: [[summaries/B|B]]')
    expect(vault.text('B')).toBe('To [[summaries/A|grand plan]] and [[summaries/A|PP]].')
    for (const words of ['Grand Plan', 'rating 5', 'alpha'])
      expect(
        (await (await vault.base.open()).search(words)).hits.map(({ document }) => document),
        words,
      ).toContain('A')
    expect(await vault.base.check()).toEqual([])
  })
})

describe('an attachment', () => {
  const embed = '# A\n\nThe engine: ![[pic.png|300]]\n'

  test.each([
    ['next to the note', 'notes/pic.png', 'notes/A.md', undefined],
    ['in the folder that Obsidian keeps them in', 'files/in/pic.png', 'notes/A.md', 'files/in'],
    ['in a folder below the note', 'notes/att/pic.png', 'notes/A.md', './att'],
    ['anywhere, if its name is the only one', 'x/y/z/pic.png', 'notes/A.md', undefined],
  ])('is taken %s', async (_, picture, path, setting) => {
    using vault = await Vault.make()
    if (setting !== undefined) vault.write('.obsidian/app.json', JSON.stringify({ attachmentFolderPath: setting }))
    vault.write(picture, png(64, 1))
    vault.write(path, embed)
    await vault.add()
    expect(vault.text('A')).toContain('The engine: ![pic.png](images/A/1.png)')
    expect(await vault.base.check()).toEqual([])
  })

  test('is taken from the vault of a note that is added alone', async () => {
    using vault = await Vault.make()
    vault.write('.obsidian/app.json', '{"attachmentFolderPath": "files"}')
    vault.write('files/pic.png', png(64, 1))
    vault.write('notes/A.md', embed)
    await vault.add('notes/A.md')
    expect(vault.text('A')).toContain('![pic.png](images/A/1.png)')
  })

  test('is taken for a plain link too, and a name of one that is too small is no topic', async () => {
    using vault = await Vault.make()
    vault.write('att/pic.png', png(64, 1))
    vault.write('att/dot.png', png(1, 1))
    vault.write('A.md', '# A\n\nThe engine: [[pic.png]]. A dot: ![[dot.png]]\n')
    vault.write('B.md', '# B\n\nThe engine has ![[dot.png]], and dot.png again.\n')
    await vault.add()
    expect(vault.text('A')).toContain('The engine: ![pic.png](images/A/1.png). A dot: dot.png')
    const { concepts, entities } = await (await vault.base.open()).list()
    expect([...concepts, ...entities].filter(({ name }) => /png/i.test(name))).toEqual([])
    expect(vault.base.read('wiki/summaries/A.md')).not.toMatch(/mentioned.*png/)
    expect(await vault.base.check()).toEqual([])
  })

  test('is not taken if two have its name, or from outside of what was added', async () => {
    using vault = await Vault.make()
    vault.write('in/x/pic.png', png(64, 1))
    vault.write('in/y/pic.png', png(64, 2))
    vault.write('out.png', png(64, 3))
    vault.write('in/notes/A.md', `${embed}\n![x](../../out.png)\n`)
    await vault.add('in')
    expect(vault.text('A')).not.toContain('](images/')
    expect(vault.text('A')).toContain('The engine: pic.png')
  })
})

test('a link to a part leads to the heading that the page has, whichever of the two is added first', async () => {
  using vault = await Vault.make()
  const links = '[a](B.md#second-part), [[B#Second part|b]], [[b#First#Second part|c]], [[B#No part|d]], [[B#^id|e]]'
  vault.write('A.md', `# A\n\nThe engine: ${links}.\n`)
  vault.write('B.md', '# B\n\n## First\n\nThe engine is a machine. ^id\n\n## Second part\n\nUp to [x](C.md#c-one).\n')
  vault.write('C.md', '# C\n\n## C: one\n\nThe pump is a machine.\n')
  for (const name of ['A.md', 'B.md', 'C.md']) await vault.add(name)
  const part = 'sources/B#Second part'
  expect(vault.text('A')).toContain(
    `The engine: [[${part}|a]], [[${part}|b]], [[${part}|c]], [[summaries/B|d]], [[sources/B#^id|e]].`,
  )
  expect(vault.text('B')).toContain('Up to [[sources/C#C: one|x]].')
  await vault.add()
  expect(vault.text('B')).toContain('Up to [[sources/C#C: one|x]].')
  expect(await vault.base.check()).toEqual([])
})

describe('a vault that is in a bad way', () => {
  test('has links to nothing, embeds in circles, and names that are reserved or differ by case', async () => {
    using vault = await Vault.make()
    vault.write('Nothing.md', Array.from({ length: 10_000 }, (_, at) => `[[Nothing ${at}]]`).join(' '))
    vault.write('One.md', '![[Two]] ![[One]]\n')
    vault.write('Two.md', '![[One]] [[con]] [[index]] [[constructor]] [[__proto__]]\n')
    vault.write('con.md', 'Reserved: [[INDEX]].\n')
    vault.write('index.md', 'Reserved too: [[CON]].\n')
    vault.write('Case.md', 'Upper: [[case]] [[Case]].\n')
    vault.write('case.md', 'Lower: [[case]] [[Case]].\n')
    const { added, failed } = await vault.add()
    expect([added.length, failed]).toEqual([7, []])
    const nothing = (): string => vault.base.read('wiki/sources/Nothing.json')
    expect(nothing()).toContain('"Nothing 0 Nothing 1 Nothing 2 ')
    expect(vault.text('One')).toBe('[[summaries/Two|Two]] [[summaries/One|One]]')
    expect(vault.text('Two')).toBe(
      '[[summaries/One|One]] [[summaries/con_|con]] [[summaries/index_|index]] constructor \\_\\_proto\\_\\_'.replaceAll(
        '\\_',
        '_',
      ),
    )
    expect(vault.text('con_')).toBe('Reserved: [[summaries/index_|INDEX]].')
    expect(vault.text('Case')).toBe('Upper: [[summaries/case-2|case]] [[summaries/Case|Case]].')
    expect(vault.text('case-2')).toBe('Lower: [[summaries/case-2|case]] [[summaries/Case|Case]].')
    vault.write('Nothing 77.md', 'It is something.\n')
    await vault.add()
    expect(nothing()).toContain('Nothing 76 [[summaries/Nothing-77|Nothing 77]] Nothing 78')
    expect(await vault.base.check()).toEqual([])
  }, 120_000)

  test('with text that would become a link once its own are taken out of it stays harmless', async () => {
    using vault = await Vault.make()
    vault.write('B.md', '# B\n\nThe engine is a machine.\n')
    vault.write(
      'A.md',
      '[[x](B.md)](javascript:alert(1)) and [y](B.md)(javascript:alert(2)) and [z](kbgit-link:0) and ![[B]](javascript:alert(3))\n',
    )
    await vault.add()
    expect(vault.text('A')).not.toMatch(/\]\(\s*javascript/)
  })
})
