import { DatabaseSync } from 'node:sqlite'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { initKb, openKb, type Kb, type OpenOptions } from '../../../../src/index.ts'
import { startEmbeddingServer, type EmbeddingServer } from '../../../support/embedding-server.ts'
import { GIT_IDENTITY } from '../../../support/git-identity.ts'
import { serverEnvironment, temporaryFolder } from '../../../support/models.ts'

const NOTES: Record<string, string> = {
  garage: '# Garage\n\nThe automobile was repaired on Monday.\n',
  clinic: '# Clinic\n\nThe surgeon came late on Tuesday.\n',
  orchard: '# Orchard\n\nPears and plums were picked in autumn.\n',
}

/** A base with notes whose words the queries do not have. */
async function withNotes(
  server: EmbeddingServer,
  work: (place: {
    dir: string
    open: (config?: string, more?: Partial<OpenOptions>) => Promise<Kb>
    vectors: string
  }) => Promise<void>,
): Promise<void> {
  await using folder = await temporaryFolder()
  const dir = join(folder.path, 'base')
  const documents = join(folder.path, 'documents')
  mkdirSync(documents)
  for (const [name, text] of Object.entries(NOTES)) writeFileSync(join(documents, `${name}.md`), text)
  const env = { ...GIT_IDENTITY, PATH: process.env['PATH'], ...serverEnvironment(server.url) }
  await initKb({ dir, env, hooks: false })
  const open = async (
    config = 'version: 1\nembeddings: openai/embed-test\nmodel_retries: 0\n',
    more = {},
  ): Promise<Kb> => {
    writeFileSync(join(dir, 'kbgit.yaml'), config)
    execFileSync('git', ['-C', dir, 'commit', '-qam', 'Configure', '--allow-empty'], { env })
    return openKb({ dir, env, ...more })
  }
  {
    await using kb = await open()
    await kb.add([documents])
  }
  await work({ dir, open, vectors: join(dir, '.git/kbgit/vectors.db') })
}

const found = async (kb: Kb, query: string) =>
  (await kb.search(query, { kinds: ['source'] })).hits.map(({ name }) => name)

it('finds what is said in other words, and asks for each passage once', async () => {
  await using server = await startEmbeddingServer()
  await withNotes(server, async ({ open, vectors }) => {
    // A commit waits for no vector.
    expect([server.requests(), existsSync(vectors)]).toEqual([0, false])
    await using kb = await open()
    expect((await kb.status()).vectors).toEqual({ model: 'openai/embed-test', passages: 0, of: 3 })
    expect((await found(kb, 'car'))[0]).toBe('garage')
    expect((await found(kb, 'doctor'))[0]).toBe('clinic')
    expect((await found(kb, 'plums'))[0]).toBe('orchard')
    expect(server.texts().filter((text) => text.includes('automobile'))).toEqual([
      'Garage\nThe automobile was repaired on Monday.',
    ])
    expect((await kb.status()).vectors).toEqual({ model: 'openai/embed-test', passages: 3, of: 3 })
    await using words = await open('version: 1\n')
    expect(await found(words, 'car')).toEqual([])
    expect((await words.status()).vectors).toBeUndefined()
  })
})

it('does with words when the server fails, and goes on when it is back', async () => {
  await using server = await startEmbeddingServer()
  await withNotes(server, async ({ open }) => {
    await using kb = await open()
    server.spoil(500)
    expect(await found(kb, 'plums')).toEqual(['orchard'])
    server.spoil((rows) => rows.map(() => ['x']))
    expect(await found(kb, 'plums')).toEqual(['orchard'])
    expect((await kb.recover()).embedded).toBeUndefined()
    server.spoil(undefined)
    expect((await kb.recover()).embedded).toBe(3)
    expect((await kb.recover()).embedded).toBeUndefined()
    expect((await found(kb, 'car'))[0]).toBe('garage')
  })
})

it('drops vectors of passages that are gone, and of a model that is no longer named', async () => {
  await using server = await startEmbeddingServer()
  await withNotes(server, async ({ open, vectors }) => {
    const count = () => {
      using db = new DatabaseSync(vectors, { readOnly: true })
      return Number(db.prepare('SELECT count(*) AS n FROM vector').get()?.['n'])
    }
    {
      await using kb = await open()
      await kb.recover()
      expect(count()).toBe(3)
      await kb.purge('clinic')
      expect(count()).toBe(2)
      expect((await found(kb, 'doctor')).includes('clinic')).toBe(false)
    }
    await using other = await open('version: 1\nembeddings: openai/other-test\n')
    await other.recover()
    expect(count()).toBe(4)
    expect(await other.gc({ dryRun: true })).toMatchObject({ rows: 2 })
    await other.gc()
    expect(count()).toBe(2)
  })
})

it('does with words where the model cannot be opened, and says what it needs', async () => {
  await using server = await startEmbeddingServer()
  await withNotes(server, async ({ open }) => {
    const warnings: string[] = []
    const logger = { debug: () => {}, warn: (_: object, message: string) => void warnings.push(message) }
    await using kb = await open('version: 1\nembeddings: local:some/name\n', { logger })
    expect(await found(kb, 'plums')).toEqual(['orchard'])
    expect(warnings).toEqual([expect.stringMatching(/^search uses words alone\. .*npm install --global @huggingface/)])
  })
})
