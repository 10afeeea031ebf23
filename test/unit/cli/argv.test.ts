import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kbgit, type HostOptions } from '../../support/host-double.ts'

/** Command line, the method that it calls, and the arguments (for objects: at least these). */
const CALLS: [argv: string[], method: string, args: unknown[], options?: HostOptions][] = [
  [['init'], 'initKb', [{ hooks: true, cwd: '/here' }]],
  [
    ['init', 'notes', '--model', 'openai/x', '--language', 'de', '--no-hooks'],
    'initKb',
    [{ dir: 'notes', model: 'openai/x', language: 'de', hooks: false }],
  ],
  [['init', '--kb', 'sub'], 'initKb', [{ dir: 'sub' }]],
  [['--kb', 'base', 'list'], 'openKb', [{ dir: 'base', cwd: '/here' }]],
  [['list', '--kb=base'], 'openKb', [{ dir: 'base' }]],
  [
    ['add', 'a', 'b'],
    'add',
    [['a', 'b'], { dryRun: false, failFast: false, allowPrivate: false, retryFailed: false, exclude: [] }],
  ],
  [['add', '-j', '3', 'a'], 'add', [['a'], { jobs: 3 }]],
  [['add', '-j4', 'a'], 'add', [['a'], { jobs: 4 }]],
  [['add', '-qj4', 'a'], 'add', [['a'], { jobs: 4 }]],
  [['add', '-j=4', 'a'], 'add', [['a'], { jobs: 4 }]],
  [['add', '--dry-run=false', '-', '-1'], 'add', [['-', '-1'], { dryRun: false }]],
  [['add', '--jobs=5', '--jobs=6', 'a'], 'add', [['a'], { jobs: 6 }]],
  [
    [
      'add',
      'a',
      '--concurrency',
      '20',
      '--limit',
      '7',
      '--encoding',
      'latin1',
      '--fail-fast',
      '--allow-private',
      '--dry-run',
    ],
    'add',
    [['a'], { concurrency: 20, limit: 7, encoding: 'latin1', failFast: true, allowPrivate: true, dryRun: true }],
  ],
  [
    ['add', '--exclude', '*.{a,b}', '--exclude', 'drafts/**', '.'],
    'add',
    [['.'], { exclude: ['*.{a,b}', 'drafts/**'] }],
  ],
  [['add', '--retry-failed'], 'add', [[], { retryFailed: true }]],
  [['add', '--', '-x.md', '--json'], 'add', [['-x.md', '--json'], {}]],
  [['add', '--dry-run', 'true'], 'add', [['true'], { dryRun: true }]],
  [['add', '1', '1.0', '0x10', '1e3', '00'], 'add', [['1', '1.0', '0x10', '1e3', '00'], {}]],
  [['add', 'line\nbreak.md', ''].slice(0, 2), 'add', [['line\nbreak.md'], {}]],
  [['remove', 'paper', '-y', '--keep-raw', '--keep-empty'], 'remove', ['paper', { keepRaw: true, keepEmpty: true }]],
  [['remove', 'paper', '--dry-run'], 'remove', ['paper', { dryRun: true }]],
  [['recompile', 'paper', '-y'], 'recompile', [{ document: 'paper', dryRun: false }]],
  [['recompile', '--all', '--dry-run'], 'recompile', [{ all: true, dryRun: true }]],
  [['list', '--at', 'HEAD~1'], 'list', [{ at: 'HEAD~1' }]],
  [['status', '--at', 'v1'], 'status', [{ at: 'v1' }]],
  [['show', '2024'], 'show', ['2024', {}]],
  [['show', '--raw', 'paper', '--at', 'v1'], 'showRaw', ['paper', { at: 'v1' }]],
  [
    ['context', 'the', 'task', '--budget', '900', '--at', 'v1'],
    'context',
    ['the task', { at: 'v1', budgetTokens: 900 }],
  ],
  [['search', 'self', 'attention', '-n', '3'], 'search', ['self attention', { limit: 3 }]],
  [
    ['search', '--kind', 'concept,entity', '--kind', 'source', 'x', '--at', 'v1'],
    'search',
    ['x', { kinds: ['concept', 'entity', 'source'], at: 'v1' }],
  ],
  [['query', 'What', 'is', 'it?', '--save', '--at', 'v1'], 'query', ['What is it?', { save: true, at: 'v1' }]],
  [['chat', '--list'], 'chat.list', []],
  [['chat', '--delete', 's1'], 'chat.delete', ['s1']],
  [['chat', '--resume', 's1'], 'chat.resume', ['s1'], { stdin: '' }],
  [['chat', '--resume'], 'chat.resume', [], { stdin: '' }],
  [['chat'], 'chat.start', [], { stdin: '' }],
  [['log'], 'log', [{}]],
  [['log', 'paper', '-n', '2', '--at', 'v1'], 'log', [{ of: 'paper', limit: 2, at: 'v1' }]],
  [['blame', 'concepts/attention', '--at', 'v1'], 'blame', ['concepts/attention', { at: 'v1' }]],
  [['changes', '2 weeks ago', '--at', 'v1'], 'changes', ['2 weeks ago', { at: 'v1' }]],
  [['export', 'site', 'public'], 'export', ['site', 'public', {}]],
  [['export', 'okf', 'out', '--at', 'v1'], 'export', ['okf', 'out', { at: 'v1' }]],
  [
    ['export', 'llms', 'out', '--base-url', 'https://example.org/'],
    'export',
    ['llms', 'out', { baseUrl: 'https://example.org/' }],
  ],
  [['lint', '--fix'], 'lint', [{ fix: true }]],
  [['watch', 'drop', '-j', '2'], 'watch', [{ folders: ['drop'], once: false, allowPrivate: false, jobs: 2 }]],
  [['recover', '--rebuild'], 'recover', [{ rebuild: true, hook: false }]],
  [['recover', '--hook'], 'recover', [{ rebuild: false, hook: true }]],
  [['fsck', '--blobs', '--at', 'v1'], 'fsck', [{ blobs: true, at: 'v1' }]],
  [['gc', '--dry-run', '--answers'], 'gc', [{ dryRun: true, answers: true }]],
  [['hooks', 'install'], 'hooks.install', []],
  [['hooks', 'uninstall'], 'hooks.uninstall', []],
  [['hooks', 'status'], 'hooks.status', []],
  [['use', 'notes'], 'useKb', ['notes', { cwd: '/here' }]],
  [
    ['merge-driver', 'O', 'A', 'B', '-odd path.md'],
    'mergeFiles',
    [{ ancestor: 'O', ours: 'A', theirs: 'B', path: '-odd path.md' }],
  ],
]

describe('a command line', () => {
  it.each(CALLS)('%j calls %s', async (argv, method, args, options) => {
    const run = await kbgit(argv, options)
    expect(run.stderr).toBe('')
    expect(run.exitCode).toBe(0)
    const call = run.calls.find((each) => each.method === method)
    expect(call?.args).toHaveLength(args.length)
    args.forEach((arg, index) =>
      typeof arg === 'object' && !Array.isArray(arg)
        ? expect(call?.args[index]).toMatchObject(arg as object)
        : expect(call?.args[index]).toEqual(arg),
    )
  })

  it('passes every name on as typed', async () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.string({ minLength: 1 }),
      fc.constantFrom('--', '-', '--json', '-j', '-1', '1e3', 'true', 'a=b', '__proto__'),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 4 }), async (names) => {
        const added = async (argv: string[]) =>
          (await kbgit(argv)).calls.find(({ method }) => method === 'add')?.args[0]
        expect(await added(['add', '-q', '--', ...names])).toEqual(names)
        const plain = names.filter((each) => !each.startsWith('-'))
        if (plain.length > 0) expect(await added(['add', '--dry-run', ...plain, '-j', '2'])).toEqual(plain)
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    ['the base that it opened', ['list'], ['openKb', 'list', 'close']],
    ['nothing where none was opened', ['help', 'config'], []],
  ])('closes %s', async (_what, argv, methods) => {
    expect((await kbgit(argv)).calls.map(({ method }) => method)).toEqual(methods)
  })
})

/** Invalid command lines, and what the error must say about each. */
const MISTAKES: [argv: string[], said: string][] = [
  [[], 'Usage: kbgit <command> [options]'],
  [['adz'], 'Did you mean "kbgit add"?'],
  [['serach', 'x'], 'Did you mean "kbgit search"?'],
  [['frobnicate'], '"kbgit --help" lists the commands.'],
  [['bad\n\x1b[31mname'], '"bad\\n\\e[31mname" is not a command'],
  [['--nope'], 'kbgit has no option --nope.'],
  [['add', '--dryrun', 'x'], 'Did you mean "--dry-run"?'],
  [['add', '--exlude=x', 'x'], 'Did you mean "--exclude"?'],
  [['add', '-x', 'x'], 'kbgit add has no option -x.'],
  [['list', '--json=maybe'], '--json takes no value.'],
  [['add', '-qx', 'x'], 'kbgit add has no option -x.'],
  [['add', '--constructor', 'x'], 'kbgit add has no option --constructor.'],
  [['add', '--__proto__=x', 'x'], 'kbgit add has no option --__proto__.'],
  [['add', '--foo.bar', 'x'], 'kbgit add has no option --foo.bar.'],
  [['list', '--jobs', '2'], 'kbgit list has no option --jobs.'],
  [['init', '--hooks'], 'Did you mean "--no-hooks"?'],
  [['add', '-j', '0', 'x'], '--jobs must be a whole number from 1 to 64, not "0".'],
  [['add', '-j', 'x', 'x'], '--jobs must be a whole number from 1 to 64, not "x".'],
  [['add', '-j', '-1', 'x'], 'not "-1"'],
  [['add', '-j', '1.5', 'x'], 'not "1.5"'],
  [['add', '-j', '1e1', 'x'], 'not "1e1"'],
  [['add', 'x', '-j'], 'needs a value'],
  [['add', '--limit='], '--limit must be a whole number'],
  [['list', '--at='], '--at needs a value.'],
  [['add'], 'kbgit add needs a file, a folder or a URL.'],
  [['add', ''], 'does not name a file'],
  [['remove'], 'kbgit remove needs <doc>.'],
  [['remove', 'a', 'b', '-y'], 'takes at most 1: "b" is one too many.'],
  [['status', 'x'], 'takes no arguments: "x" is one too many.'],
  [['recompile'], 'either a document or --all'],
  [['recompile', 'x', '--all'], 'either a document or --all'],
  [['init', 'a', '--kb', 'b'], 'Two folders were given: a and, with --kb, b.'],
  [['context'], 'needs a task'],
  [['search'], 'needs words'],
  [['search', '   '], 'needs words'],
  [['search', '--kind', 'concpt', 'x'], 'Did you mean "concept"?'],
  [['search', '--batch', 'x'], 'reads its queries from stdin'],
  [['query'], 'needs a question'],
  [['hooks'], 'kbgit hooks needs install|uninstall|status.'],
  [['hooks', 'instal'], 'Did you mean "kbgit hooks install"?'],
  [['help', 'confg'], 'Did you mean "kbgit help config"?'],
  [['completion', 'tcsh'], 'Name one of bash, zsh, fish.'],
  [['completion'], 'shell could not be detected'],
  [['chat', '--list', '--resume'], 'only one of'],
  [['merge-driver', 'a'], 'needs <ancestor> <ours> <theirs> <path>'],
]

describe('an invalid command line', () => {
  it.each(MISTAKES)('%j exits with 2 and says: %s', async (argv, said) => {
    const run = await kbgit(argv)
    expect(run.stderr).toContain(said)
    expect(run.exitCode).toBe(2)
    expect(run.stdout).toBe('')
    expect(run.calls).toEqual([])
  })

  it.each(MISTAKES.filter(([argv]) => !argv.includes('--') && argv[0] !== 'merge-driver'))(
    '%j with --json prints one error document',
    async (argv) => {
      const run = await kbgit(['--json', ...argv])
      expect(run.stderr).toBe('')
      expect(run.exitCode).toBe(2)
      expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'usage', message: expect.any(String) } })
    },
  )
})
