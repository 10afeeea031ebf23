// A base made by kbgit itself in a real repository, with methods to work in it as the user and as kbgit.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { initKb, openKb, type AddResult, type FsckResult, type Kb } from '../../src/index.ts'
import { FolderSnapshot } from './folder-snapshot.ts'
import { TEST_ENVIRONMENT, TestRepository } from './repository.ts'

export type LiveOptions = {
  /** The base's folder in the repository. Default: the whole repository. */
  folder?: string | undefined
  env?: NodeJS.ProcessEnv
  gitInit?: string[]
  /** Lines for `kbgit.yaml`, committed. */
  config?: string
  /** How many documents are prepared at once. One worker starts faster than two. */
  jobs?: number
  /** Before `kbgit init`. */
  before?: (repository: TestRepository) => void
}

/** New bases with nothing special about them, by configuration. */
const snapshots = new Map<string, FolderSnapshot>()

export class LiveBase implements Disposable {
  readonly repository: TestRepository
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  /** Where the documents to add are: outside of the base. */
  readonly sources = mkdtempSync(join(tmpdir(), 'kbgit-sources-'))

  private constructor(repository: TestRepository, root: string, env: NodeJS.ProcessEnv) {
    this.repository = repository
    this.root = root
    this.env = env
  }

  static async make(options: LiveOptions = {}): Promise<LiveBase> {
    const { folder = '', env = {}, gitInit = [], config = '', jobs = 1, before } = options
    // Undefined unsets a variable.
    const environment = { ...TEST_ENVIRONMENT, ...env }
    const configuration = `version: 1\nmodel: builtin\ndurability: process\nfile_processing_jobs: ${jobs}\n${config}`
    const special = folder !== '' || gitInit.length > 0 || before !== undefined || Object.keys(env).length > 0
    const known = special ? undefined : snapshots.get(configuration)
    const repository = new TestRepository(known ?? gitInit)
    const base = new LiveBase(repository, join(repository.dir, folder), environment)
    if (known !== undefined) return base
    before?.(repository)
    await initKb({ dir: base.root, env: base.env, hooks: false })
    base.write('kbgit.yaml', configuration)
    repository.git('commit', '-q', '-m', 'Set up', '--', join(base.root, 'kbgit.yaml'))
    if (!special) snapshots.set(configuration, new FolderSnapshot(repository.dir))
    return base
  }

  open(dir = this.root): Promise<Kb> {
    return openKb({ dir, env: this.env })
  }

  /** Writes a note about Acme Corporation, and returns its path. */
  source(
    name: string,
    text = `The ${name} Engine is a machine. Alice Smith of Acme Corporation built it in Paris.`,
  ): string {
    const path = join(this.sources, `${name}.md`)
    writeFileSync(
      path,
      `# On the ${name}\n\n${text}\n\nAcme Corporation sells the ${name} Engine in Berlin. Alice Smith likes it.\n`,
    )
    return path
  }

  async add(...names: string[]): Promise<AddResult> {
    return (await this.open()).add(names.map((name) => this.source(name)))
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8')
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true })
    writeFileSync(join(this.root, path), text)
  }

  append(path: string, text: string): void {
    this.write(path, this.read(path) + text)
  }

  git(...args: string[]): string {
    return this.repository.git('-C', this.root, ...args)
  }

  sidecar(...parts: string[]): string {
    return join(this.repository.dir, '.git/kbgit', ...parts)
  }

  /** Subjects of the history, newest first. */
  subjects(): string[] {
    return this.git('log', '--format=%s').split('\n')
  }

  /** git's check and kbgit's must find nothing. */
  async check(): Promise<FsckResult['problems'] | string> {
    const said = this.git('fsck', '--full', '--strict', '--no-dangling')
    if (said !== '') return said
    return (await (await this.open()).fsck({ blobs: true })).problems
  }

  [Symbol.dispose](): void {
    rmSync(this.sources, { recursive: true, force: true })
    this.repository[Symbol.dispose]()
  }
}

/** The page of a topic that every source of a live base mentions. */
export const TOPIC_PAGE = 'wiki/entities/Acme-Corporation.md'

/**
 * A stand-in for gpg that runs `script` before it signs: kbgit calls it after the commits are made and before the
 * branch is moved.
 */
export function signWith(base: LiveBase, script: string): void {
  const program = join(base.sources, 'gpg')
  const signature = '-----BEGIN PGP SIGNATURE-----\\n\\nnone\\n-----END PGP SIGNATURE-----\\n'
  writeFileSync(
    program,
    `#!/bin/sh\ncat > /dev/null\nunset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE\ncd '${base.root}'\n(${script}) > /dev/null 2>&1\nprintf '[GNUPG:] SIG_CREATED D 1 8 00 1 0\\n' >&2\nprintf -- '${signature}'\n`,
    { mode: 0o755 },
  )
  base.git('config', 'gpg.program', program)
  base.git('config', 'commit.gpgSign', 'true')
}
