// A double of the library: records the calls, and returns what the test says.
import type {
  AddResult,
  Kb,
  Library,
  ListResult,
  ModelUsage,
  QueryResult,
  RecompileResult,
  RemoveResult,
  SearchResult,
  StatusResult,
} from '../../src/index.ts'

export type Call = { method: string; args: unknown[] }
export type Answers = Record<string, (...args: never[]) => unknown>

const NO_MODEL: ModelUsage = {
  calls: 0,
  retries: 0,
  cachedAnswers: 0,
  promptTokens: 0,
  cachedTokens: 0,
  completionTokens: 0,
}

export const ADDED: AddResult = {
  added: [{ name: 'paper', path: '/in/paper.pdf', sha256: 'ab', commit: 'c'.repeat(40), pages: 3 }],
  updated: [],
  skipped: [{ path: '/in/copy.pdf', reason: 'duplicate', name: 'paper' }],
  failed: [],
  ignored: 0,
  overview: { pages: 0 },
  model: NO_MODEL,
  base: 'b'.repeat(40),
  head: 'c'.repeat(40),
  elapsedMs: 1200,
}
export const LISTED: ListResult = {
  documents: [
    {
      name: 'paper',
      title: 'A Paper',
      sha256: 'ab',
      format: 'pdf',
      kind: 'short',
      pages: 3,
      origin: '/in/paper.pdf',
      raw: 'raw/paper.pdf',
      source: 'wiki/sources/paper.md',
      summary: 'wiki/summaries/paper.md',
      addedAt: '2026-01-02T03:04:05Z',
      commit: 'c'.repeat(40),
    },
  ],
  concepts: [{ name: 'attention', path: 'wiki/concepts/attention.md', sources: 1 }],
  entities: [],
}
export const STATUS: StatusResult = {
  root: '/base',
  head: 'c'.repeat(40),
  branch: 'main',
  documents: 1,
  concepts: 1,
  entities: 0,
  journal: 0,
  quarantined: 0,
  staging: 0,
  sidecar: { ok: true, documents: 1, bytes: 2048 },
  hooks: { 'post-merge': 'installed' },
  pending: [],
  failed: [],
  mergeDriver: true,
  overviewDue: [],
  displaced: [],
}
const REMOVED: RemoveResult = {
  name: 'paper',
  commit: 'd'.repeat(40),
  deleted: ['raw/paper.pdf'],
  changed: ['wiki/index.md'],
  dryRun: false,
}
const RECOMPILED: RecompileResult = {
  recompiled: [{ name: 'paper', commit: 'd'.repeat(40) }],
  unchanged: [],
  failed: [],
  overview: { pages: 0 },
  model: NO_MODEL,
  base: 'b'.repeat(40),
  head: 'd'.repeat(40),
  elapsedMs: 10,
}
const FOUND: SearchResult = {
  query: 'attention',
  at: 'c'.repeat(40),
  hits: [
    {
      page: 'wiki/concepts/attention.md',
      kind: 'concept',
      name: 'attention',
      score: 2.5,
      snippet: 'Attention is all\nyou need.',
    },
  ],
}
export const ANSWERED: QueryResult = {
  question: 'What?',
  at: 'c'.repeat(40),
  answer: '# Answer\n\nAttention.',
  model: null,
  citations: [{ page: 'wiki/summaries/paper.md', document: 'paper', pageNumber: 2, quote: 'Attention is' }],
}

const DEFAULTS: Answers = {
  add: () => ADDED,
  remove: (_document: string, options: { dryRun?: boolean }) => ({ ...REMOVED, dryRun: options.dryRun === true }),
  recompile: () => RECOMPILED,
  list: () => LISTED,
  status: () => STATUS,
  show: (page: string) => ({ page, kind: 'summary', at: 'HEAD', text: '# A Paper\n\nWith `code`.\n' }),
  showRaw: (document: string) => ({
    document,
    size: 3,
    chunks: (async function* () {
      yield Buffer.from([1, 2, 255])
    })(),
  }),
  search: (query: string) => ({ ...FOUND, query }),
  query: (question: string) => ({ ...ANSWERED, question }),
  running: () => [],
  log: () => ({
    commits: [
      {
        commit: 'c'.repeat(40),
        date: '2026-01-02T03:04:05Z',
        author: 'A',
        operation: 'add',
        documents: ['paper'],
        message: 'add: paper',
      },
    ],
  }),
  blame: (page: string) => ({
    page,
    lines: [
      {
        line: 1,
        text: '# Attention',
        commit: 'c'.repeat(40),
        operation: 'add',
        document: 'paper',
        date: '2026-01-02T03:04:05Z',
        author: 'A',
      },
    ],
  }),
  context: (task: string) => ({
    task,
    at: 'c'.repeat(40),
    budget: 8000,
    tokens: 1,
    blocks: [{ number: 1, kind: 'page', page: 'wiki/x.md', headings: [], tokens: 1, text: 'material' }],
    omitted: { passages: 0, tokens: 0, duplicates: 0, places: [] },
    text: 'material\n',
  }),
  changes: () => ({
    since: { commit: 'a'.repeat(40), date: '2026-01-01T00:00:00Z' },
    at: 'c'.repeat(40),
    commits: 2,
    authors: ['A'],
    documents: {
      added: [{ name: 'paper', title: 'A paper', page: 'wiki/summaries/paper.md', date: '2026-01-02T03:04:05Z' }],
      updated: [],
      removed: [],
    },
    topics: {
      added: [{ kind: 'concept', title: 'Attention', page: 'wiki/concepts/attention.md', before: 0, after: 1 }],
      changed: [{ kind: 'entity', title: 'Ada', page: 'wiki/entities/Ada.md', before: 1, after: 2 }],
      removed: [],
      rewritten: 1,
    },
    edits: [
      {
        commit: 'd'.repeat(40),
        date: '2026-01-02T03:04:05Z',
        author: 'A',
        message: 'Correct a name',
        pages: ['wiki/x.md'],
      },
    ],
  }),
  skill: () => ({ client: 'agents', file: 'AGENTS.md', change: 'installed', version: 1, installed: null, text: 'x' }),
  verify: () => ({
    at: 'c'.repeat(40),
    ok: true,
    checked: 1,
    held: 1,
    citations: [{ page: 'wiki/x.md', holds: true }],
  }),
  export: (kind: string, target: string) => ({ kind, target, at: 'c'.repeat(40), files: 2, bytes: 2048 }),
  lint: () => ({
    problems: [{ code: 'brokenLink', path: 'wiki/x.md', message: 'It links to nothing.', fixed: false }],
    report: 'wiki/reports/r.md',
    commit: 'e'.repeat(40),
  }),
  watch: () => ({ folder: '/base/raw/inbox', added: 0, updated: 0, failed: 0, folders: [], sources: [] }),
  recover: () => ({ rolledForward: 0, rolledBack: 1, quarantined: 0, reaped: 0, indexed: 2, broughtIn: [] }),
  fsck: () => ({ ok: true, checked: { documents: 1 }, problems: [] }),
  gc: () => ({ rows: 2, blobs: 1, answers: 0, bytes: 4096, dryRun: false }),
  'chat.list': () => [{ id: 's1', title: 'What?', updatedAt: '2026-01-02T03:04:05Z', turns: 2 }],
  'chat.start': () => ({ id: 's2', turns: [] }),
  'chat.resume': () => ({ id: 's1', turns: [{ question: 'What?', answer: 'That.' }] }),
  'chat.delete': () => undefined,
  'session.ask': (question: string) => ({ ...ANSWERED, question }),
  'session.save': () => ({ page: 'wiki/explorations/x.md', commit: 'f'.repeat(40) }),
  'session.clear': () => undefined,
  'hooks.install': () => ({ path: '/base/.git/hooks', hooks: { 'post-merge': 'installed' } }),
  'hooks.uninstall': () => ({ path: '/base/.git/hooks', hooks: { 'post-merge': 'absent' } }),
  'hooks.status': () => ({ path: '/base/.git/hooks', hooks: { 'post-merge': 'absent' } }),
  openKb: () => undefined,
  initKb: () => ({
    root: '/base',
    commit: 'a'.repeat(40),
    created: ['kbgit.yaml'],
    hooks: { 'post-merge': 'installed' },
  }),
  useKb: (dir: string) => ({ dir }),
  mergeFiles: () => ({ clean: true }),
  close: () => undefined,
}

export function libraryDouble(answers: Answers = {}): { library: Library; calls: Call[] } {
  const calls: Call[] = []
  const ask =
    (method: string) =>
    async (...args: unknown[]): Promise<never> => {
      calls.push({ method, args })
      const answer = answers[method] ?? DEFAULTS[method]
      if (answer === undefined) throw new Error(`The test has no answer for ${method}.`)
      return (await answer(...(args as never[]))) as never
    }
  const session = async (method: string, ...args: unknown[]) => {
    const { id, turns } = (await ask(method)(...args)) as { id: string; turns: { question: string; answer: string }[] }
    return { id, turns, ask: ask('session.ask'), save: ask('session.save'), clear: ask('session.clear') }
  }
  const kb: Kb = {
    root: '/base',
    add: ask('add'),
    remove: ask('remove'),
    undo: ask('undo'),
    prune: ask('prune'),
    purge: ask('purge'),
    eval: ask('eval'),
    sync: ask('sync'),
    propose: ask('propose'),
    reviews: {
      list: ask('reviews.list'),
      show: ask('reviews.show'),
      accept: ask('reviews.accept'),
      reject: ask('reviews.reject'),
    },
    tasks: { next: ask('tasks.next'), submit: ask('tasks.submit') },
    recompile: ask('recompile'),
    list: ask('list'),
    status: ask('status'),
    show: ask('show'),
    resolve: ask('resolve'),
    edit: ask('edit'),
    moment: ask('moment'),
    file: ask('file'),
    paths: ask('paths'),
    changed: ask('changed'),
    showRaw: ask('showRaw'),
    search: ask('search'),
    query: ask('query'),
    context: ask('context'),
    verify: ask('verify'),
    skill: ask('skill'),
    running: ask('running'),
    log: ask('log'),
    blame: ask('blame'),
    versions: ask('versions'),
    timeline: ask('timeline'),
    changes: ask('changes'),
    compare: ask('compare'),
    graph: ask('graph'),
    export: ask('export'),
    lint: ask('lint'),
    watch: ask('watch'),
    recover: ask('recover'),
    fsck: ask('fsck'),
    gc: ask('gc'),
    chat: {
      list: ask('chat.list'),
      start: () => session('chat.start'),
      resume: (...args) => session('chat.resume', ...args),
      delete: ask('chat.delete'),
    },
    hooks: { install: ask('hooks.install'), uninstall: ask('hooks.uninstall'), status: ask('hooks.status') },
    [Symbol.asyncDispose]: ask('close'),
  }
  const library: Library = {
    openKb: async (options) => {
      await ask('openKb')(options)
      return kb
    },
    initKb: ask('initKb'),
    useKb: ask('useKb'),
    serveMcp: ask('serveMcp'),
    serveKb: ask('serveKb'),
    mergeFiles: ask('mergeFiles'),
    runWorker: ask('runWorker'),
  }
  return { library, calls }
}
