// What commands print with --json is what docs/schemas/ says.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import { beforeAll, describe, expect, it } from 'vitest'
import { COMMAND_NAMES } from '../../src/cli/commands.ts'
import { schemas } from '../../tools/schemas.ts'
import { Workplace } from '../support/workplace.ts'

describe('the output of a command with --json', () => {
  const validators = new Map<string, ValidateFunction>()
  beforeAll(() => {
    // A field without a schema would not be documented.
    for (const [file, schema] of schemas({ closed: true }))
      validators.set(file.replace(/\.json$/, ''), new Ajv({ strict: false }).compile(schema))
  })

  const used = new Set<string>()

  /** What is wrong with the command's output, judged by the schema of `name`. */
  async function faults(place: Workplace, name: string, ...argv: string[]): Promise<unknown> {
    const { stdout } = await place.kbgit('--json', ...argv)
    const validate = validators.get(name)
    if (validate === undefined) return `there is no schema ${name}.json`
    used.add(argv[0] ?? '')
    return validate(JSON.parse(stdout)) ? [] : { errors: validate.errors, stdout }
  }

  /** Commands whose output is no JSON document of theirs: git calls it, a conversation, a run without an end. */
  const OTHERS = ['mcp', 'merge-driver', 'quickstart', 'view', 'watch', 'worker']

  it('fits its schema: every command, with results of many kinds and with errors', { timeout: 600_000 }, async () => {
    using place = new Workplace()
    const check = async (name: string, ...argv: string[]): Promise<void> =>
      expect(await faults(place, name, ...argv), argv.join(' ')).toEqual([])
    await check('error', 'status')
    await check('init', 'init')
    await check('error', 'sync')
    place.gitIn(place.dir, 'init', '-q', '--bare', 'remote.git')
    place.git('remote', 'add', 'origin', `file://${place.dir}/remote.git`)
    writeFileSync(join(place.base, 'kbgit.yaml'), place.read('kbgit.yaml').replace('10MiB', '2KiB'))
    place.git('commit', '-qam', 'Lower the limit')
    const note = (subject: string): string =>
      `# The ${subject}\n\nThe ${subject} Engine is a machine of Acme Corporation. Alice Smith built it in Paris.\n`
    const [falcon, heron] = [place.write('in/falcon.md', note('Falcon')), place.write('in/heron.md', note('Heron'))]
    place.write('in/twin.md', note('Falcon'))
    place.write('in/broken.pdf', 'not a PDF')
    place.write('in/program.bin', Buffer.from([0, 1, 2, 3]))
    place.write('in/large.md', note('Large').repeat(40))
    await check('add', 'add', '--dry-run', join(place.dir, 'in'))
    await check('add', 'add', join(place.dir, 'in'))
    await check('add', 'add', '--prune', '-y', join(place.dir, 'in'))
    await check('add', 'add', falcon)
    writeFileSync(heron, `${note('Heron')}\nAnd more of it.\n`)
    await check('add', 'add', heron)
    for (const name of ['list', 'status', 'fsck', 'log', 'lint', 'gc']) await check(name, name)
    await check('list', 'list', '--at', 'HEAD~1')
    await check('fsck', 'fsck', '--blobs')
    await check('lint', 'lint', '--fix')
    await check('gc', 'gc', '--dry-run')
    await check('log', 'log', 'falcon')
    await check('show', 'show', 'falcon')
    await check('blame', 'blame', 'falcon')
    await check('changes', 'changes', 'HEAD~2')
    await check('changes', 'changes', '2020-01-01')
    await check('export', 'export', 'okf', join(place.dir, 'bundle'))
    await check('error', 'export', 'okf', join(place.dir, 'in'))
    await check('search', 'search', 'Falcon Engine')
    await check('query', 'query', 'Who built the Falcon Engine?')
    await check('query', 'query', '--save', 'Who built the Heron Engine?')
    await check('context', 'context', 'Who built the Falcon Engine?')
    await check(
      'verify',
      'verify',
      place.write('cited.md', 'See [[summaries/falcon]], "It is blue" [[summaries/heron]].'),
    )
    await check('eval', 'eval', '--baseline', 'HEAD~1', '--min', 'topics.twins=0')
    for (const action of ['show', 'install', 'uninstall']) await check('skill', 'skill', action)
    await check('recover', 'recover')
    await check('recover', 'recover', '--rebuild')
    await check('recompile', 'recompile', '--all', '-y', '--dry-run')
    await check('recompile', 'recompile', 'falcon', '-y')
    for (const action of ['install', 'status', 'uninstall']) await check('hooks', 'hooks', action)
    await check('chat', 'chat', '--list')
    await check('use', 'use', place.base)
    await check('completion', 'completion', 'bash')
    await check('help', 'help', 'recovery')
    await check('remove', 'remove', '--dry-run', 'falcon')
    await check('remove', 'remove', '-y', 'falcon')
    await check('undo', 'undo', '--dry-run')
    await check('undo', 'undo')
    await check('sync', 'sync')
    await check('purge', 'purge', 'heron', '--dry-run')
    for (const name of ['owl', 'crow', 'rook'])
      await check(
        'add',
        'add',
        '--review',
        place.write(`in/${name}.md`, note(name)),
        place.write(`in/${name}s.md`, note(`${name}s`)),
      )
    await check('reviewlist', 'review')
    await check('error', 'compile', 'next')
    writeFileSync(join(place.base, 'kbgit.yaml'), place.read('kbgit.yaml').replace('model: builtin', 'model: agent'))
    const { value } = await place.json<{ task: { id: string } }>('compile', 'next')
    await check('compilenext', 'compile', 'next', '--client', 'scout')
    await check('compilesubmit', 'compile', 'submit', value.task.id, place.write('answer.json', '{"answers":{"x":1}}'))
    place.git('checkout', '-q', 'kbgit.yaml')
    const edit = { page: 'wiki/summaries/heron.md', section: 'Note', text: 'Seen in [[entities/Paris]].', base: 'HEAD' }
    for (const edits of [[edit], [edit, { ...edit, text: 'See [[nowhere]].', base: null }]])
      await check(
        'propose',
        'propose',
        place.write('edits.json', JSON.stringify({ edits, reason: 'Why', agent: 'scout' })),
      )
    await check('reviewshow', 'review', 'show', '1')
    await check('reviewaccept', 'review', 'accept', '1', 'owl')
    await check('reviewaccept', 'review', 'accept', '2')
    await check('reviewreject', 'review', 'reject', '3', '--reason', 'None of ours')
    writeFileSync(join(place.base, 'raw/falcon.md'), 'altered')
    place.git('commit', '-qam', 'by hand')
    await check('fsck', 'fsck')
    await check('status', 'status')
    for (const argv of [['show', 'nowhere'], ['remove'], ['search', '--at', 'nowhere', 'x'], ['frobnicate']])
      await check('error', ...argv)
    const named = COMMAND_NAMES.filter((name) => !OTHERS.includes(name))
    expect(named.filter((name) => !used.has(name))).toEqual([])
  })
})
