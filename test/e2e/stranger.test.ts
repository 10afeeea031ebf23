// A base from a stranger: what its files ask for happens only if its new owner agrees.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startModelServer } from '../support/model-server.ts'
import { Workplace } from '../support/workplace.ts'

type Refused = { error: { code: string; message: string; hint: string } }

/** A clone of a base whose configuration points to a server, owned by someone who has a key. */
async function cloneOfStrangers(url: string, more: Record<string, string> = {}): Promise<Workplace> {
  const place = await Workplace.withBase('theirs')
  place.write('theirs/kbgit.yaml', `version: 1\nmodel: openai/gpt-test\nbase_url: ${url}\n`)
  for (const [path, content] of Object.entries(more)) place.write(`theirs/${path}`, content)
  place.git('add', '-f', 'kbgit.yaml', ...Object.keys(more))
  place.git('commit', '-qm', 'a model')
  place.gitIn(place.dir, 'clone', '-q', 'theirs', 'mine')
  place.base = join(place.dir, 'mine')
  place.env['OPENAI_API_KEY'] = 'secret'
  return place
}

const requests = async (url: string): Promise<unknown> =>
  ((await (await fetch(`${url}/_counts`)).json()) as { requests: number }).requests

it('sends no key and no document to an address from the base until the command that trusts it was run', async () => {
  await using server = await startModelServer()
  using place = await cloneOfStrangers(`${server.url}/v1`)
  const note = place.write('note.md', '# Note\n\nThe Harbour Office reads tide gauges.\n')
  for (const command of [
    ['add', note],
    ['query', 'what is a gauge'],
    ['recompile', '--all', '-y'],
  ]) {
    const { code, value } = await place.json<Refused>(...command)
    expect({ command, code, error: value.error }).toMatchObject({
      code: 2,
      error: { code: 'config', message: expect.stringContaining(new URL(server.url).host) },
    })
  }
  expect(await requests(server.url)).toBe(0)
  expect(place.git('status', '--porcelain')).toBe('')
  const { value } = await place.json<Refused>('add', note)
  const trust = value.error.hint.slice(value.error.hint.indexOf('git -C'))
  expect(
    spawnSync('sh', ['-c', trust], { cwd: place.dir, env: { PATH: process.env['PATH'], ...place.env } }).status,
  ).toBe(0)
  expect(place.git('status', '--porcelain')).toBe('')
  expect((await place.kbgit('add', note)).code).toBe(0)
  expect(await requests(server.url)).not.toBe(0)
  expect(await place.kbgit('fsck')).toMatchObject({ code: 0 })
})

it('reads, searches and checks without contacting what the configuration names', async () => {
  using place = await cloneOfStrangers('https://evil.example/v1')
  for (const command of ['list', 'status', 'log', 'fsck', 'show wiki/index.md', 'search gauge']) {
    expect({ command, ...(await place.kbgit(...command.split(' '))) }).toMatchObject({ code: 0 })
  }
})

it('does not read a .env that came with the base, because it could redirect a key of the environment', async () => {
  await using server = await startModelServer()
  using place = await cloneOfStrangers('', { '.env': `OPENAI_BASE_URL=${server.url}/v1\n` })
  const note = place.write('note.md', '# Note\n\nThe Harbour Office reads tide gauges.\n')
  const { code, value } = await place.json<Refused>('add', note)
  expect({ code, error: value.error }).toMatchObject({
    code: 2,
    error: { code: 'config', hint: expect.stringContaining('rm --cached .env') },
  })
  expect(await requests(server.url)).toBe(0)
})

it('works whatever the .gitmodules of the base says, and runs nothing of it', async () => {
  using place = await Workplace.withBase('kb')
  const notes = ['tide', 'lamp'].map((name) => place.write(`${name}.md`, `# The ${name}\n\nThe ${name} is high.\n`))
  expect((await place.kbgit('add', ...notes)).code).toBe(0)
  const submodule = `[submodule "x"]\n\tpath = wiki/x\n\turl = ext::sh -c "touch pwned"\n\tupdate = !touch pwned\n`
  place.write('kb/.gitmodules', submodule)
  place.git('add', '-f', '.gitmodules')
  place.git('update-index', '--add', '--cacheinfo', `160000,${place.git('rev-parse', 'HEAD')},wiki/x`)
  place.git('commit', '-qm', 'a submodule')
  place.write('kb/wiki/summaries/tide.md', `${place.read('wiki/summaries/tide.md')}\nBy hand.\n`)
  for (const command of [
    'list',
    'status',
    'log',
    'log tide',
    'show tide',
    'blame tide',
    'search lamp',
    'query lamp',
    'lint',
    'recompile --all -y',
    'remove lamp -y',
    'undo',
    'recover',
    'gc',
  ]) {
    expect({ command, ...(await place.kbgit(...command.split(' '))) }).toMatchObject({ code: 0 })
  }
  expect(place.git('ls-files', '-s', 'wiki/x')).toMatch(/^160000 /)
  expect(existsSync(join(place.base, 'pwned'))).toBe(false)
})
