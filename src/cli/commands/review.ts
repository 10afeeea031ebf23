import { KbError } from '../../core/errors.ts'
import type { Reviews, ReviewAcceptResult, ReviewedPage, ReviewShowResult, ReviewSummary } from '../../index.ts'
import { command, type Report } from '../command.ts'
import { named, shortCommit } from '../outcome.ts'
import { counted, inline } from '../text.ts'

const ACTIONS = ['list', 'show', 'accept', 'reject'] as const

/** Statements of a page that are shown. */
const STATEMENTS_SHOWN_MAX = 5

export const review = command({
  name: 'review',
  usage: '[list|show|accept|reject] [n] [document...]',
  arity: [0, Infinity],
  details:
    'Changes that wait on branches of their own, kbgit/review/<n>: those of "kbgit add --review", and those for which\n' +
    '"review" in kbgit.yaml asks. They are ordinary git branches: diff them, push them, open a pull request. Accepting is\n' +
    'a merge by the merge driver of kbgit, of all or of single documents. With one open review, <n> may be left out.',
  options: {
    reason: { type: 'text', value: 'text', describe: 'With reject: why; it is recorded with what the branch had' },
  },
  examples: [
    ['kbgit add --review inbox/', 'add documents for review'],
    ['kbgit review', 'list what waits'],
    ['kbgit review show 3', 'see what would come in'],
    ['kbgit review accept 3', 'take in all of it'],
    ['kbgit review accept 3 minutes', 'take in one document of it'],
    ['kbgit review reject 3 --reason "Not ours"', 'drop the rest'],
  ],
  async run({ args, flags, kb, signal }) {
    const [word = 'list', ...rest] = args
    const action = ACTIONS.find((known) => known === word)
    if (action === undefined)
      throw new KbError('usage', `"${word}" is not something that kbgit review does.`, {
        hint: `It does: ${ACTIONS.join(', ')}.`,
      })
    if ((action !== 'reject' && flags.reason !== undefined) || (action === 'list' && rest.length > 0))
      throw new KbError('usage', `kbgit review ${action} does not take that.`, { hint: 'See "kbgit review --help".' })
    const { reviews } = await kb()
    if (action === 'list') return sayList((await reviews.list()).reviews)
    const number = await numberOf(rest[0], reviews)
    switch (action) {
      case 'show':
        return sayReview(await reviews.show(number))
      case 'accept':
        return sayAccepted(
          await reviews.accept(number, { documents: rest.length > 1 ? rest.slice(1) : undefined, signal }),
        )
      case 'reject': {
        if (flags.reason === undefined || flags.reason.trim() === '')
          throw new KbError('usage', 'Say why: it is recorded.', {
            hint: `For example: kbgit review reject ${number} --reason "Not ours"`,
          })
        const result = await reviews.reject(number, flags.reason)
        const message = `Rejected review ${number}. What it had is kept in commit ${shortCommit(result.record)}.`
        return { value: result, message }
      }
    }
  },
})

/** The only open one, if none is named. */
async function numberOf(word: string | undefined, reviews: Reviews): Promise<number> {
  if (word !== undefined) {
    if (/^[1-9]\d{0,8}$/.test(word)) return Number(word)
    throw new KbError('usage', `"${word}" is not the number of a review.`, { hint: 'See "kbgit review list".' })
  }
  const open = (await reviews.list()).reviews
  const [only] = open
  if (only !== undefined && open.length === 1) return only.number
  throw new KbError(
    only === undefined ? 'notFound' : 'usage',
    only === undefined ? 'No review is open.' : 'Which one?',
    {
      hint: open.length === 0 ? undefined : `Open: ${open.map(({ number }) => number).join(', ')}.`,
    },
  )
}

function sayList(reviews: ReviewSummary[]): Report {
  const text = reviews.map(line).join('\n')
  return { value: { reviews }, text: text === '' ? 'No review is open.' : text }
}

function line({ number, documents, commits, author, agents, date, merged }: ReviewSummary): string {
  const what = documents.length === 0 ? counted(commits, 'commit') : counted(documents.length, 'document')
  const who = agents.length === 0 ? author : agents.join(', ')
  const state = merged ? ', already in the current branch' : ''
  return `${String(number).padStart(3)}  ${what} by ${inline(who)}, ${date.slice(0, 10)}${state}`
}

function sayReview(result: ReviewShowResult): Report {
  const { documents, pages, morePages } = result.changes
  const lines = [
    line(result).trim(),
    `${result.branch} at ${shortCommit(result.head)}`,
    ...result.reasons.map((reason) => `Why: ${inline(reason)}`),
    ...documents.map(
      ({ name, title, change, accepted }) =>
        `${change.padEnd(10)} ${inline(name)}${title === name ? '' : `: ${inline(title)}`}${accepted ? ' (in already)' : ''}`,
    ),
    ...pages.flatMap(sayPage),
    ...(morePages === 0 ? [] : [`and ${counted(morePages, 'more page')}`]),
  ]
  return { value: result, text: lines.join('\n') }
}

function sayPage({ path, change, added, dropped }: ReviewedPage): string[] {
  const shown = (mark: string, statements: string[]): string[] => [
    ...statements.slice(0, STATEMENTS_SHOWN_MAX).map((statement) => `    ${mark} ${inline(statement)}`),
    ...(statements.length > STATEMENTS_SHOWN_MAX
      ? [`    ${mark} and ${statements.length - STATEMENTS_SHOWN_MAX} more`]
      : []),
  ]
  return [`${change.padEnd(10)} ${inline(path)}`, ...shown('-', dropped), ...shown('+', added)]
}

function sayAccepted(result: ReviewAcceptResult): Report {
  const { number, accepted, left, commit, closed, kept, overviews } = result
  const rest = closed ? '' : ` ${counted(left.length, 'document')} left.`
  const lines = [
    ...named('accepted', accepted),
    ...kept.map((path) => `Left unchanged: ${inline(path)}`),
    closed && accepted.length === 0
      ? `Review ${number} was accepted earlier.`
      : `Accepted ${counted(accepted.length, 'document')} of review ${number} (commit ${shortCommit(commit)}).${rest}`,
    ...(overviews.due === 0 ? [] : [`${counted(overviews.due, 'overview')} due: "kbgit status" names the next step.`]),
  ]
  return { value: result, message: lines.join('\n') }
}
