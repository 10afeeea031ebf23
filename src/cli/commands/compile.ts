import { EXIT_ROLLED_BACK, KbError } from '../../core/errors.ts'
import type { CompileNextResult, CompileSubmitResult, CompileTask } from '../../index.ts'
import { command, type Report } from '../command.ts'
import { jsonInput } from '../json-input.ts'
import { shortCommit } from '../outcome.ts'
import { counted, inline } from '../text.ts'
import { sayProblems } from './propose.ts'

const KINDS = ['document', 'overview', 'check'] as const satisfies CompileTask['kind'][]

export const compile = command({
  name: 'compile',
  usage: 'next | submit <id> [answer.json|-]',
  arity: [1, 3],
  details:
    'Work for agents that compile, with "model: agent" in kbgit.yaml: "kbgit add" takes documents in with pages of its\n' +
    'own, and an agent reads them one by one. "next" hands out one task as JSON: what to do, the text by parts, names that\n' +
    'the base has, the schema of each answer, and a lease: a task that is not answered in time goes to the next agent that\n' +
    'asks. "submit" checks the answer like one of a model, {"answers": {"<id of a question>": …}}. What does not hold is\n' +
    'named, nothing is changed (exit code 14), and a corrected answer can be handed in.',
  options: {
    client: { type: 'text', value: 'name', describe: 'With next: who asks, as commits name it (default: agent)' },
    lease: {
      type: 'number',
      value: 'seconds',
      min: 1,
      max: 86_400,
      describe: 'With next: how long the task is kept for this client (default: 900)',
    },
    kind: { type: 'list', value: 'kind', choices: KINDS, describe: `With next: only these: ${KINDS.join(', ')}` },
  },
  examples: [
    ['kbgit compile next --json --client claude-code > task.json', 'take a task'],
    ['kbgit compile submit 4c1f… answer.json', 'hand in the answer'],
    ['kbgit compile submit 4c1f… --json < answer.json', 'from standard input, with the reasons as JSON'],
  ],
  async run({ args, flags, kb, host, signal }) {
    const [action, id, file = '-'] = args
    if (action === 'next' && id === undefined) {
      const kinds = flags.kind.length === 0 ? undefined : KINDS.filter((kind) => flags.kind.includes(kind))
      return sayNext(await (await kb()).tasks.next({ client: flags.client, lease: flags.lease, kinds, signal }))
    }
    if (action !== 'submit' || id === undefined)
      throw new KbError('usage', 'kbgit compile takes "next", or "submit" with the id of a task.', {
        hint: 'See "kbgit compile --help".',
      })
    const answer = await jsonInput(host, file)
    return saySubmitted(await (await kb()).tasks.submit(id, answer, { signal }))
  },
})

function sayNext(result: CompileNextResult): Report {
  const { task, waiting } = result
  const checks = waiting.checks === 0 ? '' : `, ${counted(waiting.checks, 'page')} to check`
  const rest = `Waiting: ${counted(waiting.documents, 'document')}, ${counted(waiting.overviews, 'overview')}${checks}.`
  if (task === null) return { value: result, text: `There is nothing to do now. ${rest}` }
  const { id, kind, title, until, instructions, questions } = task
  const text = [
    `${kind} ${inline(title)}: task ${id}, until ${until}`,
    instructions,
    ...questions.flatMap(({ id: field, prompt, hints }) => [
      `## ${field}`,
      prompt,
      ...(hints === undefined ? [] : [hints]),
    ]),
    `${rest} The schemas of the answers are in the output with --json.`,
  ]
  return { value: result, text: text.join('\n\n') }
}

function saySubmitted(result: CompileSubmitResult): Report {
  const { commit, kind, review, subject, problems } = result
  const where = review === undefined ? '' : ` It waits on ${review.branch}.`
  const message =
    problems.length > 0
      ? `${counted(problems.length, 'thing')} did not hold. Nothing was changed.`
      : kind === 'check'
        ? `Noted.${commit === null ? '' : ` The report of "kbgit lint" has the findings (commit ${shortCommit(commit)}).`}`
        : commit === null
          ? `${inline(subject)} came out the same.`
          : `Compiled ${inline(subject)} (commit ${shortCommit(commit)}).${where}`
  return {
    value: result,
    message,
    warnings: sayProblems(problems),
    exitCode: problems.length > 0 ? EXIT_ROLLED_BACK : 0,
  }
}
