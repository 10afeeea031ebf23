import { describe, expect, it } from 'vitest'
import { KbError, type ErrorCode } from '../../../src/core/errors.ts'
import type { Logger } from '../../../src/index.ts'
import { kbgit } from '../../support/host-double.ts'
import { ADDED, ANSWERED, LISTED, STATUS } from '../../support/kb-double.ts'

const JSON_COMMANDS: [argv: string[], fields: string[]][] = [
  [['init'], ['root', 'commit', 'created', 'hooks']],
  [
    ['add', 'x'],
    ['added', 'updated', 'skipped', 'failed', 'overview', 'model', 'base', 'head', 'elapsedMs', 'ignored'],
  ],
  [
    ['remove', 'x', '-y'],
    ['name', 'commit', 'deleted', 'changed', 'dryRun'],
  ],
  [
    ['recompile', 'x', '-y'],
    ['recompiled', 'unchanged', 'failed', 'overview', 'model', 'base', 'head', 'elapsedMs'],
  ],
  [['list'], ['documents', 'concepts', 'entities']],
  [
    ['status'],
    [
      'root',
      'head',
      'branch',
      'documents',
      'concepts',
      'entities',
      'journal',
      'quarantined',
      'staging',
      'sidecar',
      'hooks',
      'mergeDriver',
      'pending',
      'failed',
      'overviewDue',
      'displaced',
    ],
  ],
  [
    ['show', 'x'],
    ['page', 'kind', 'at', 'text'],
  ],
  [
    ['search', 'x'],
    ['query', 'at', 'hits'],
  ],
  [
    ['query', 'x'],
    ['question', 'at', 'answer', 'citations', 'model'],
  ],
  [['chat', '--list'], ['sessions']],
  [['log'], ['commits']],
  [
    ['blame', 'x'],
    ['page', 'lines'],
  ],
  [
    ['changes', 'v1'],
    ['since', 'at', 'commits', 'authors', 'documents', 'topics', 'edits'],
  ],
  [
    ['export', 'okf', 'x'],
    ['kind', 'target', 'at', 'files', 'bytes'],
  ],
  [['lint'], ['problems', 'report', 'commit']],
  [['watch'], ['folder', 'added', 'updated', 'failed', 'folders', 'sources']],
  [['recover'], ['rolledForward', 'rolledBack', 'quarantined', 'reaped', 'indexed', 'broughtIn']],
  [['fsck'], ['ok', 'checked', 'problems']],
  [['gc'], ['rows', 'blobs', 'answers', 'bytes', 'dryRun']],
  [
    ['hooks', 'status'],
    ['path', 'hooks'],
  ],
  [['use', 'x'], ['dir']],
  [
    ['completion', 'bash'],
    ['shell', 'script'],
  ],
  [
    ['help', 'config'],
    ['topic', 'text'],
  ],
]

describe('--json', () => {
  it.each(JSON_COMMANDS)('%j prints one document with the documented fields and nothing else', async (argv, fields) => {
    const run = await kbgit([...argv, '--json'], { terminals: ['stdout'] })
    expect(run.exitCode).toBe(0)
    expect(Object.keys(JSON.parse(run.stdout)).sort()).toEqual(fields.sort())
  })

  it('prints an error as a document, and exits with its code', async () => {
    const answers = {
      list: () => Promise.reject(new KbError('locked', 'Another kbgit works here.', { hint: 'Wait.' })),
    }
    const run = await kbgit(['list', '--json'], { answers })
    expect(JSON.parse(run.stdout)).toEqual({
      error: { code: 'locked', message: 'Another kbgit works here.', hint: 'Wait.' },
    })
    expect(run.stderr).toBe('')
    expect(run.exitCode).toBe(11)
  })

  it('has what was added also if nobody can be asked whether to remove documents', async () => {
    const removed = [{ name: 'old', path: '/in/old.md', commit: null }]
    const answers = { prune: () => Promise.resolve({ removed, dryRun: true }) }
    const run = await kbgit(['add', '--prune', 'x', '--json'], { answers })
    expect(JSON.parse(run.stdout)).toMatchObject({
      added: ADDED.added,
      stopped: { code: 'usage', message: 'Nothing was removed. There is no terminal to ask on.' },
    })
    expect(run.exitCode).toBe(2)
    expect(run.calls.filter(({ method }) => method === 'prune')).toHaveLength(1)
  })

  it('cannot be combined with raw bytes', async () => {
    const run = await kbgit(['show', '--raw', 'x', '--json'])
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'usage' } })
  })

  it('is an argument after --', async () => {
    const run = await kbgit(['search', '--', '--json'])
    expect(run.calls.find(({ method }) => method === 'search')?.args[0]).toBe('--json')
    expect(run.stdout).toContain('attention')
  })
})

describe('an error', () => {
  const CODES: [ErrorCode, number][] = [
    ['unexpected', 1],
    ['usage', 2],
    ['config', 2],
    ['notFound', 2],
    ['noBase', 10],
    ['locked', 11],
    ['repositoryBusy', 12],
    ['gitMissing', 13],
    ['gitFailed', 13],
    ['rolledBack', 14],
    ['storage', 14],
    ['quarantined', 15],
    ['interrupted', 130],
  ]
  it.each(CODES)('%s exits with %i and prints the message and the hint on stderr', async (code, exitCode) => {
    const answers = { openKb: () => Promise.reject(new KbError(code, 'What is.', { hint: 'What to do.' })) }
    expect(await kbgit(['list'], { answers })).toMatchObject({
      exitCode,
      stdout: '',
      stderr: 'kbgit: What is.\n  What to do.\n',
    })
  })

  it('of another kind prints one sentence, and its stack only with -v', async () => {
    const answers = { list: () => Promise.reject(new TypeError('x is not a function')) }
    const quiet = await kbgit(['list'], { answers })
    expect(quiet).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('kbgit: Unexpected error: x is not a function\n'),
    })
    expect(quiet.stderr).not.toContain('output.test.ts')
    const verbose = await kbgit(['list', '-v'], { answers })
    expect(verbose.stderr).toContain('output.test.ts')
    expect(verbose.calls.map(({ method }) => method)).toContain('close')
  })

  it('cannot control the terminal or imitate another line', async () => {
    const answers = { list: () => Promise.reject(new KbError('gitFailed', 'git said:\nkbgit: all is well\x1b[2J')) }
    expect((await kbgit(['list'], { answers })).stderr).toBe('kbgit: git said:\n  kbgit: all is well\\e[2J\n')
  })
})

describe('--verbose', () => {
  it('passes the library a logger that writes to stderr, one JSON object per line', async () => {
    const openKb = ({ logger }: { logger?: Logger }) => logger?.debug({ ms: 3 }, 'lock_wait')
    const run = await kbgit(['list', '-v', '--json'], { answers: { openKb } })
    expect(JSON.parse(run.stderr)).toMatchObject({ level: 20, msg: 'lock_wait', ms: 3, time: expect.any(String) })
    expect(JSON.parse(run.stdout).documents).toHaveLength(1)
  })

  it('is required for log output: without it only warnings are shown', async () => {
    const openKb = ({ logger }: { logger?: Logger }) => {
      logger?.debug({ ms: 3 }, 'lock_wait')
      logger?.warn({}, 'git has no user.name')
    }
    const run = await kbgit(['list'], { answers: { openKb } })
    expect(run.stderr).not.toContain('lock_wait')
    expect(run.stderr).toContain('git has no user.name')
  })
})

describe('add', () => {
  const failed = [
    { path: '/in/bad.pdf', error: { code: 'corrupt', message: '/in/bad.pdf is cut off.', hint: 'Get it again.' } },
  ]

  it('prints what it did on stdout', async () => {
    const run = await kbgit(['add', 'x'])
    expect(run.stdout).toBe('added   paper\n1 added, 1 skipped (duplicate), in 1.2 s.\n')
    expect(run.stderr).toBe('')
  })

  it('exits with 3 if a document failed, and reports it on stderr, even with -q', async () => {
    const answers = { add: () => ({ ...ADDED, failed }) }
    for (const flags of [[], ['-q']]) {
      const run = await kbgit(['add', 'x', ...flags], { answers })
      expect(run.stderr).toBe('failed /in/bad.pdf is cut off.\n  Get it again.\n')
      expect(run.exitCode).toBe(3)
    }
  })

  it('does not repeat a failure that progress has reported', async () => {
    const answers = {
      add: (_inputs: string[], { onProgress }: { onProgress: (progress: object) => void }) => {
        onProgress({
          kind: 'done',
          path: '/in/bad.pdf',
          outcome: 'failed',
          done: 1,
          total: 1,
          message: '/in/bad.pdf is cut off.',
        })
        return { ...ADDED, failed }
      },
    }
    expect((await kbgit(['add', 'x'], { answers })).stderr).toBe('failed /in/bad.pdf is cut off.\n')
  })

  it('with -q prints nothing about success', async () => {
    expect(await kbgit(['add', 'x', '-q'])).toMatchObject({ stdout: '', stderr: '', exitCode: 0 })
  })

  it('exits with the code of the reason if it stopped early', async () => {
    const answers = {
      add: () => ({ ...ADDED, failed, stopped: { code: 'storage', message: 'The disk is full.', hint: 'Make room.' } }),
    }
    const run = await kbgit(['add', 'x'], { answers })
    expect(run.exitCode).toBe(3)
    expect(run.stderr).toContain('warning: Stopped early: The disk is full.\n  Make room.\n')
  })

  it('exits with 14 only if nothing was committed', async () => {
    const stopped = { code: 'storage', message: 'The disk is full.' }
    const answers = { add: () => ({ ...ADDED, added: [], head: ADDED.base, stopped }) }
    expect((await kbgit(['add', 'x'], { answers })).exitCode).toBe(14)
  })

  it('warns about overviews that are due', async () => {
    const answers = {
      add: () => ({ ...ADDED, overview: { pages: 2, error: { code: 'modelUnavailable', message: 'No answer.' } } }),
    }
    expect(await kbgit(['add', 'x'], { answers })).toMatchObject({
      exitCode: 0,
      stderr: 'warning: Overviews are still due: No answer.\n',
    })
  })

  it('limits the number of names it shows', async () => {
    const many = Array.from({ length: 1000 }, (_, n) => ({ name: `d${n}`, path: `/d${n}`, sha256: '', commit: '' }))
    const { stdout } = await kbgit(['add', 'x'], { answers: { add: () => ({ ...ADDED, added: many }) } })
    expect(stdout.split('\n')).toHaveLength(23)
    expect(stdout).toContain('added   980 more')
  })
})

describe('text output', () => {
  it('displays control characters in names instead of sending them to the terminal', async () => {
    const document = { ...LISTED.documents[0], name: 'a\nb', title: '\x1b]0;x\x07\u202Eevil' }
    const { stdout } = await kbgit(['list'], { answers: { list: () => ({ ...LISTED, documents: [document] }) } })
    expect(stdout).toContain('a\\nb')
    expect(stdout).toContain('\\e]0;x\\x07\\u202eevil')
  })

  it('is aligned in columns, counting wide characters as two', async () => {
    const documents = ['ab', '日本'].map((name) => ({ ...LISTED.documents[0], name }))
    const { stdout } = await kbgit(['list'], { answers: { list: () => ({ ...LISTED, documents }) } })
    expect(stdout).toBe(
      'NAME  FORMAT  PAGES  ADDED       TITLE\nab    pdf         3  2026-01-02  A Paper\n日本  pdf         3  2026-01-02  A Paper\n\n2 documents, 1 concept, 0 entities\n',
    )
  })

  it('names what needs attention in status', async () => {
    const status = {
      ...STATUS,
      branch: null,
      journal: 2,
      quarantined: 1,
      failed: [{ path: '/a', error: { code: 'empty', message: '/a is empty.' } }],
    }
    const { stdout } = await kbgit(['status'], { answers: { status: () => status } })
    expect(stdout).toContain('2 unfinished transactions')
    expect(stdout).toContain('failed /a is empty.')
    expect(stdout).toContain('detached')
  })

  it('names in status what is watched, and what is wrong with it', async () => {
    const source = { kind: 'feed', url: 'https://e.org/x', every: 60, failures: 0, gone: false, pending: 0 }
    const visited = { lastVisit: '2026-12-01T08:00:00.000Z', nextVisit: '2026-12-01T09:00:00.000Z' }
    const error = { code: 'fetchFailed', message: 'It answered\x1b 404.' }
    const watch = {
      running: [{ pid: 7, host: 'here', since: '2026-12-01T07:00:00.000Z', folders: [] }],
      sources: [
        { ...source, name: 'News', pending: 2 },
        { ...source, ...visited, kind: 'url', failures: 3, gone: true, error },
      ],
    }
    const { stdout } = await kbgit(['status'], { answers: { status: () => ({ ...STATUS, watch }) } })
    expect(stdout).toContain(
      [
        'watch: process 7 on here, since 2026-12-01T07:00:00.000Z',
        '  feed  News (https://e.org/x)  not visited yet; 2 entries still to be added',
        `  url   https://e.org/x         visited ${visited.lastVisit}, next ${visited.nextVisit}; gone (3 visits): It answered\\e 404.`,
      ].join('\n'),
    )
    const broken = { ...STATUS, watch: { running: [], sources: [], problem: 'sources.yaml:1:3: no.' } }
    const { stdout: said } = await kbgit(['status'], { answers: { status: () => broken } })
    expect(said).toContain('watch: not running\nsources.yaml:1:3: no.')
  })

  it('names what fsck checked', async () => {
    const checked = { store: 2, topicPages: 1, pages: 18 }
    const { stdout } = await kbgit(['fsck'], { answers: { fsck: () => ({ ok: true, checked, problems: [] }) } })
    expect(stdout).toBe('No problems were found. Checked: 2 git checks, 1 topic page, 18 pages.\n')
  })

  it('is coloured only on a terminal, unless an option says otherwise', async () => {
    const coloured = async (argv: string[], env: Record<string, string>, terminal: boolean) =>
      (await kbgit(['list', ...argv], { env, terminals: terminal ? ['stdout'] : [] })).stdout.includes('\x1b[')
    expect(await coloured([], {}, true)).toBe(true)
    expect(await coloured([], {}, false)).toBe(false)
    expect(await coloured(['--no-color'], {}, true)).toBe(false)
    expect(await coloured([], { NO_COLOR: '1' }, true)).toBe(false)
    expect(await coloured([], { NO_COLOR: '' }, true)).toBe(true)
    expect(await coloured([], { TERM: 'dumb' }, true)).toBe(false)
    expect(await coloured([], { FORCE_COLOR: '1' }, false)).toBe(true)
    expect(await coloured([], { FORCE_COLOR: '0' }, true)).toBe(false)
    expect(await coloured([], { FORCE_COLOR: '1', NO_COLOR: '1' }, true)).toBe(false)
  })

  it('prints a page unchanged to a pipe, and styles its marks on a terminal', async () => {
    expect((await kbgit(['show', 'x'])).stdout).toBe('# A Paper\n\nWith `code`.\n')
    expect((await kbgit(['show', 'x'], { terminals: ['stdout'] })).stdout).toBe(
      '\x1b[1m# A Paper\x1b[22m\n\nWith \x1b[36m`code`\x1b[39m.\n',
    )
  })

  it('of a question is the answer and its citations', async () => {
    expect((await kbgit(['query', 'What?'])).stdout).toBe(
      '# Answer\n\nAttention.\n\nSources\n[1] paper, page 2: "Attention is" wiki/summaries/paper.md\n',
    )
  })

  it('streams an answer to a terminal line by line, without repeating it', async () => {
    const query = (_question: string, { onText }: { onText: (text: string) => void }) => {
      for (const piece of ['# Ans', 'wer\n\nAtt', 'ention.']) onText(piece)
      return ANSWERED
    }
    const { stdout } = await kbgit(['query', 'What?'], {
      answers: { query },
      terminals: ['stdout'],
      env: { NO_COLOR: '1' },
    })
    expect(stdout).toBe(
      '# Answer\n\nAttention.\n\nSources\n[1] paper, page 2: "Attention is" wiki/summaries/paper.md\n',
    )
  })
})

describe('show --raw', () => {
  it('writes bytes unchanged', async () => {
    const chunks: Buffer[] = []
    const { hostDouble } = await import('../../support/host-double.ts')
    const { main } = await import('../../../src/cli/main.ts')
    const { host } = hostDouble()
    host.stdout.write = ((chunk: Uint8Array | string, done?: () => void) => {
      chunks.push(Buffer.from(chunk))
      done?.()
      return true
    }) as typeof host.stdout.write
    await main(['show', '--raw', 'paper'], host)
    expect(Buffer.concat(chunks)).toEqual(Buffer.from([1, 2, 255]))
  })

  it('does not write a binary file to a terminal', async () => {
    const answers = {
      showRaw: () => ({
        document: 'x',
        size: 4,
        chunks: (async function* () {
          yield Buffer.from([80, 0, 1, 2])
        })(),
      }),
    }
    const run = await kbgit(['show', '--raw', 'x'], { answers, terminals: ['stdout'] })
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
  })
})

describe('search --batch', () => {
  it('answers each line of stdin with one line of JSON, even if it is not a valid query', async () => {
    const search = (query: string) => {
      if (query === '') throw new KbError('usage', 'There is nothing to look for.')
      return { query, at: 'c', hits: [] }
    }
    const run = await kbgit(['search', '--batch'], { stdin: 'one\n\ntwo three\r\nfour', answers: { search } })
    expect(
      run.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { query: 'one', at: 'c', hits: [] },
      { query: '', error: { code: 'usage', message: 'There is nothing to look for.' } },
      { query: 'two three', at: 'c', hits: [] },
      { query: 'four', at: 'c', hits: [] },
    ])
  })
})

describe('help', () => {
  it.each(['config', 'exit-codes', 'formats', 'history', 'recovery', 'sources'])(
    'explains %s in lines of limited width',
    async (topic) => {
      const { stdout } = await kbgit(['help', topic])
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
    },
  )

  it('shows the options and examples of each command, however it is requested', async () => {
    const { COMMANDS } = await import('../../../src/cli/commands.ts')
    for (const { name, verbatim } of COMMANDS) {
      const { stdout } = await kbgit(['help', name])
      expect(stdout).toContain(`Usage: kbgit ${name}`)
      expect(stdout).toContain('Examples\n')
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
      if (verbatim !== true) expect((await kbgit([name, '--help'])).stdout).toBe(stdout)
    }
  })
})
