// Which tools a server has. `readOnly` and `allow` only ever take tools away, but for those that must be named.
import { KbError } from '../core/errors.ts'
import { add } from './tools/add.ts'
import { context } from './tools/context.ts'
import { history } from './tools/history.ts'
import { list } from './tools/list.ts'
import { propose } from './tools/propose.ts'
import { read } from './tools/read.ts'
import { decideReview, review } from './tools/review.ts'
import { search } from './tools/search.ts'
import { status } from './tools/status.ts'
import { remove, undo } from './tools/take-back.ts'
import { nextTask, submitTask } from './tools/tasks.ts'
import { verify } from './tools/verify.ts'
import type { McpTool } from './tool.ts'

export const TOOLS: readonly McpTool[] = [
  context,
  search,
  read,
  list,
  history,
  status,
  verify,
  review,
  add,
  propose,
  remove,
  undo,
  nextTask,
  submitTask,
  decideReview,
]

/** Stands for all tools that need not be named. */
const DEFAULT = 'default'

export type Choice = { readOnly?: boolean | undefined; allow?: readonly string[] | undefined }

/** Throws `KbError` (`usage`) for an unknown name, and if nothing is left. */
export function chosenTools({ readOnly = false, allow }: Choice): McpTool[] {
  const names = new Set(allow ?? [DEFAULT])
  for (const name of names) {
    if (name !== DEFAULT && !TOOLS.some((tool) => tool.name === name))
      throw new KbError('usage', `"${name}" is not a tool of the MCP server.`, {
        hint: `Tools: ${[DEFAULT, ...TOOLS.map((tool) => tool.name)].join(', ')}.`,
      })
  }
  const chosen = TOOLS.filter(
    ({ name, effect, byNameOnly = false }) =>
      (names.has(name) || (names.has(DEFAULT) && !byNameOnly)) && (!readOnly || effect === 'read'),
  )
  if (chosen.length === 0)
    throw new KbError('usage', 'No tool is left: the allowed ones write, and the server only reads.')
  return chosen
}
