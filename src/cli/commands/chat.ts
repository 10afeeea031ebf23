import { KbError } from '../../core/errors.ts'
import type { Chat, ChatResult, ChatSession, ChatSummary } from '../../index.ts'
import { command, type Report } from '../command.ts'
import type { Style } from '../style.ts'
import { columns, counted, inline } from '../text.ts'

export const chat = command({
  name: 'chat',
  details: 'A conversation about the base. Sessions are kept. Type /help for the slash commands.',
  options: {
    resume: { type: 'text', value: 'id', optional: true, describe: 'Resume a session (default: the newest)' },
    list: { type: 'flag', describe: 'List sessions' },
    delete: { type: 'text', value: 'id', describe: 'Delete a session' },
    raw: { type: 'flag', describe: 'Print raw Markdown, even on a terminal' },
  },
  examples: [
    ['kbgit chat', 'start a conversation'],
    ['kbgit chat --resume', 'resume the newest one'],
    ['kbgit chat --list', 'see all'],
  ],
  async run(context) {
    const { flags, kb, json, style } = context
    if ([flags.resume !== undefined, flags.list, flags.delete !== undefined].filter(Boolean).length > 1) {
      throw new KbError('usage', 'Use only one of --resume, --list and --delete at a time.')
    }
    if (flags.list) return reportSessions(await (await kb()).chat.list(), style)
    if (flags.delete !== undefined) {
      await (await kb()).chat.delete(flags.delete)
      const value: ChatResult = { deleted: flags.delete }
      return { value, message: `Deleted session ${inline(flags.delete)}.` }
    }
    if (json) {
      throw new KbError('usage', '--json does not apply to a conversation.', {
        hint: 'For single questions: kbgit query --json "…"',
      })
    }
    const base = await kb()
    const session = await sessionFor(base.chat, flags.resume)
    const { converse } = await import('../conversation.ts')
    return { value: null, exitCode: await converse(base, session, context, flags.raw) }
  },
})

function sessionFor(chat: Chat, resume: string | undefined): Promise<ChatSession> {
  if (resume === undefined) return chat.start()
  return resume === '' ? chat.resume() : chat.resume(resume)
}

function reportSessions(sessions: ChatSummary[], style: Style): Report {
  const rows = sessions.map(({ id, title, updatedAt, turns }) => [
    style('cyan', inline(id)),
    updatedAt.slice(0, 16).replace('T', ' '),
    counted(turns, 'turn'),
    inline(title),
  ])
  const value: ChatResult = { sessions }
  return { value, text: rows.length === 0 ? 'There are no sessions.' : columns(rows) }
}
