// What can go wrong, as values with a code, a message and a hint.

/** Why one document could not be added. The batch goes on without it. */
export const FAILURE_CODES = [
  'notFound',
  'unreadable',
  'notRegular',
  'empty',
  'tooLarge',
  'unsupported',
  'encrypted',
  'corrupt',
  'convertTimeout',
  'convertMemory',
  'convertCrashed',
  'bomb',
  'fetchFailed',
  'fetchRefused',
  'modelUnavailable',
  'modelAnswerRejected',
  'nameConflict',
  'changedWhileRead',
  'internal',
] as const
export type FailureCode = (typeof FAILURE_CODES)[number]

/** A failure of one document: plain data, so that it can cross threads. `message` names the file. */
export type Failure = { code: FailureCode; message: string; hint?: string | undefined }

/** Ends a run. The exit code is part of the contract (README, "Exit codes"). */
export type ErrorCode =
  | 'usage'
  | 'noBase'
  | 'locked'
  | 'repositoryBusy'
  | 'gitMissing'
  | 'gitFailed'
  | 'rolledBack'
  | 'unfinished'
  | 'quarantined'
  | 'interrupted'
  | 'config'
  | 'notFound'
  | 'storage'
  | 'modelAuth'
  | 'modelQuota'
  | 'modelUnavailable'
  | 'queueUnavailable'
  | 'unexpected'

const EXIT_CODES: Record<ErrorCode, number> = {
  unexpected: 1,
  usage: 2,
  config: 2,
  notFound: 2,
  modelAuth: 3,
  modelQuota: 3,
  modelUnavailable: 3,
  queueUnavailable: 3,
  // Committed, but the work tree is not up to date yet: recovery finishes it.
  unfinished: 3,
  noBase: 10,
  locked: 11,
  repositoryBusy: 12,
  gitMissing: 13,
  gitFailed: 13,
  rolledBack: 14,
  storage: 14,
  quarantined: 15,
  interrupted: 130,
}

/** Exit code of a run that changed nothing. */
export const EXIT_ROLLED_BACK = 14

/** Exit code of a run in which some documents failed and the rest were added. */
export const EXIT_SOME_FAILED = 3

/** The one error type that kbgit throws on purpose: the current state, and what to do. */
export class KbError extends Error {
  override readonly name = 'KbError'
  readonly code: ErrorCode
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint
  }

  get exitCode(): number {
    return EXIT_CODES[this.code]
  }
}

/** System error codes that blame the disk, the descriptors or the permissions, not the program. */
const STORAGE_CODES = new Set([
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
  'EIO',
  'EROFS',
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'EACCES',
  'EPERM',
  'EBUSY',
  'ETXTBSY',
  'ESTALE',
  'ENAMETOOLONG',
  'EAGAIN',
])

/** A system error as a `KbError` (`storage`, or `repositoryBusy` on a read-only file system); undefined for any other error. */
function storageFault(error: unknown): KbError | undefined {
  const folder = folderThatCannotBe(error)
  if (folder !== undefined)
    return new KbError('storage', `${folder} cannot be created: its file system is read-only, full or failing.`, {
      hint: 'Everything reported as committed is safe. Fix the cause, then run it again.',
      cause: error,
    })
  if (!STORAGE_CODES.has(systemCode(error) ?? '')) return undefined
  if (systemCode(error) === 'EROFS')
    return new KbError('repositoryBusy', `The command failed: ${messageOf(error)}.`, {
      hint: 'That file system is read-only. Everything reported as committed is safe.',
      cause: error,
    })
  return new KbError('storage', `The command failed: ${messageOf(error)}.`, {
    hint: 'Everything reported as committed is safe. Fix the cause, such as a full disk, then run it again.',
    cause: error,
  })
}

/**
 * The folder that a recursive `mkdir` could not make: Node looks at it after most errors and reports that it is missing,
 * whatever the cause was.
 */
function folderThatCannotBe(error: unknown): string | undefined {
  if (systemCode(error) !== 'ENOENT') return undefined
  const { syscall, path } = error as NodeJS.ErrnoException
  return syscall === 'mkdir' ? path : undefined
}

/** An error with a known cause: kbgit's own or a system error; undefined for any other. */
export function knownError(error: unknown): KbError | undefined {
  return error instanceof KbError ? error : storageFault(error)
}

/** A document's failure on its way out of a converter. Caught at the worker's boundary and returned as a value. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError'
  readonly failure: Failure

  constructor(code: FailureCode, message: string, hint?: string) {
    super(message)
    this.failure = hint === undefined ? { code, message } : { code, message, hint }
  }
}

/** The system's error code (`ENOENT`, …) of an unknown thrown value, if it has one. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Why content could not be read, for people: what a program says about its own values means nothing to them. */
export function damageOf(error: unknown): string {
  const isOwn = error instanceof TypeError || error instanceof ReferenceError
  return isOwn
    ? 'its content is not as its format requires'
    : (messageOf(error).split('\n')[0] ?? '').replace(/\.$/, '')
}
