// Conversations with the base: a series of `query` calls that remember earlier turns.
import { namesModel } from '../../core/config.ts'
import { SAMPLING } from '../../core/sampling.ts'
import type { Chat, ChatSession } from '../../api.ts'
import { headRevision, type Base } from '../../io/base.ts'
import { queryBase } from './query.ts'
import { Chats } from '../../read/chat.ts'

export function chatOf(base: Base): Chat {
  const chats = new Chats(base.sidecarDir, {
    now: () => new Date(base.clock.now().seconds * 1000),
    newId: () => base.clock.random(),
  })
  const sessionOf = (start: ReturnType<Chats['start']>): ChatSession => {
    let session = start
    return {
      id: session.id,
      get turns() {
        return pairs(session.turns)
      },
      ask: async (question, options = {}) => {
        const result = await queryBase(
          base,
          question,
          options,
          session.turns.map(({ role, text }) => ({ role, text })),
        )
        session = await chats.append(session, [
          { role: 'user', text: question },
          { role: 'assistant', text: result.answer, citations: result.citations },
        ])
        return result
      },
      save: async (title) => {
        const turns = pairs(session.turns)
        const answer = turns.map(({ question, answer: reply }) => `**${question}**\n\n${reply}`).join('\n\n')
        const citations = session.turns.flatMap(({ citations: made }) => made ?? [])
        const question = title ?? (session.title || 'Chat')
        const head = await base.git.text(['rev-parse', headRevision(base)])
        const { saveExploration } = await import('../save-exploration.ts')
        const { saved, commit } = await saveExploration(base, {
          question,
          at: head,
          answer,
          citations,
          model: namesModel(base.config) && base.config.model !== SAMPLING ? base.config.model : null,
        })
        return { page: saved, commit }
      },
      clear: async () => {
        if (session.turns.length > 0) await chats.delete(session.id)
        session = { ...session, turns: [] }
      },
    }
  }
  return {
    list: async () =>
      (await chats.list()).map(({ id, title, updatedAt, turns }) => ({
        id,
        title,
        updatedAt,
        turns: Math.floor(turns / 2),
      })),
    start: async () => sessionOf(chats.start()),
    resume: async (id) => sessionOf(await chats.resume(id)),
    delete: (id) => chats.delete(id),
  }
}

function pairs(turns: { role: 'user' | 'assistant'; text: string }[]): { question: string; answer: string }[] {
  const found: { question: string; answer: string }[] = []
  for (const [index, { role, text }] of turns.entries()) {
    const answer = turns[index + 1]
    if (role === 'user' && answer?.role === 'assistant') found.push({ question: text, answer: answer.text })
  }
  return found
}
