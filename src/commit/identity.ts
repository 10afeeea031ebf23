// The author and committer of a commit.
import type { Base } from '../io/base.ts'

/** Used if the user has no git identity. */
const FALLBACK = 'kbgit <kbgit@localhost>'

const ROLE_PARTS = ['NAME', 'EMAIL', 'DATE']

export type Identity = {
  /** `Name <email>`. */
  author: string
  committer: string
  /** Set if the user has no identity: tell them how to set one. */
  missing: boolean
}

/**
 * The user's git identity, environment included; kbgit's own if there is none. `roles`: whether git's configuration has another one
 * for authors or committers; without that and without the environment's, git is asked once.
 */
export async function findIdentity(base: Base, roles: Promise<boolean>): Promise<Identity> {
  const asked = ident(base, 'GIT_AUTHOR_IDENT')
  const isOne = ROLE_PARTS.every((part) => base.env[`GIT_AUTHOR_${part}`] === base.env[`GIT_COMMITTER_${part}`])
  const [author, committer] = await Promise.all([
    asked,
    isOne
      ? roles.then((has) => (has ? ident(base, 'GIT_COMMITTER_IDENT') : asked))
      : ident(base, 'GIT_COMMITTER_IDENT'),
  ])
  return { author: author ?? FALLBACK, committer: committer ?? FALLBACK, missing: author === undefined }
}

async function ident(base: Base, variable: string): Promise<string | undefined> {
  const found = await base.git.run(['-c', 'user.useConfigOnly=true', 'var', variable], { ok: [0, 128] })
  if (found.code !== 0) return undefined
  return /^(.*>) \d+ [+-]\d{4}$/.exec(found.stdout.toString().trim())?.[1]
}

/** The identity line of a commit object at the base's time. */
export function identLine(who: string, { now }: Base['clock']): string {
  const { seconds, zone } = now()
  return `${who} ${seconds} ${zone}`
}

export type Who = { name: string; email: string; date: string }

/** The parts of an identity line. */
export function partsOf(line: string): Who | undefined {
  const [, name = '', email = '', date = ''] = /^(.*) <(.*)> (\d+ [+-]\d{4})$/.exec(line) ?? []
  return date === '' ? undefined : { name, email, date }
}

/** The variables that make `git commit-tree` write this author or committer. */
export function identityEnv(role: 'AUTHOR' | 'COMMITTER', who: Who | undefined): Record<string, string> {
  if (who === undefined) return {}
  return { [`GIT_${role}_NAME`]: who.name, [`GIT_${role}_EMAIL`]: who.email, [`GIT_${role}_DATE`]: `@${who.date}` }
}
