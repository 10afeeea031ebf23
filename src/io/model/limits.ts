// How much a model reads and writes: known limits, the room that a prompt leaves, and prompts that a server cut.
import { estimateTokens } from '../../core/context/tokens.ts'

export type TokenLimits = {
  /** Tokens of a prompt and its answer together; undefined if unknown: then the server says when it is too much. */
  contextTokens: number | undefined
  /** Most tokens of one answer, reasoning included. */
  outputTokens: number
}

/** What a picture takes of a prompt: the most of the providers that say so, for 1,568 pixels a side. */
export const PICTURE_TOKENS = 2_500

/** An answer needs at least this many tokens, or the share below of what it was given. */
const ROOM_TOKENS_MIN = 1_000
const ROOM_SHARE_MIN = 0.25

/** Tokens for the answer to a prompt, of the `wanted` ones; undefined if the prompt leaves too few. */
export function roomFor(limits: TokenLimits, promptTokens: number, wanted: number): number | undefined {
  const most = Math.min(wanted, limits.outputTokens)
  const room = Math.min(most, (limits.contextTokens ?? Infinity) - promptTokens)
  return room < Math.min(most, Math.max(ROOM_TOKENS_MIN, most * ROOM_SHARE_MIN)) ? undefined : room
}

/** Prompts below this many tokens fit into any server; a count below the other one is none. */
const CHECKED_TOKENS_MIN = 1_500
const COUNTED_TOKENS_MIN = 100
/** Bytes per token that no tokenizer reaches with text. */
const BYTES_PER_TOKEN_MAX = 9

/** Whether a server read less than half of a prompt, by the tokens that it counted. */
export function isPromptCut(prompt: string, countedTokens: number): boolean {
  const estimate = estimateTokens(prompt)
  if (estimate < CHECKED_TOKENS_MIN || countedTokens < COUNTED_TOKENS_MIN) return false
  const dense = Buffer.byteLength(prompt.replace(/([^\p{L}\p{N}])\1+/gu, '$1')) / BYTES_PER_TOKEN_MAX
  return countedTokens < Math.min(estimate / 2, dense)
}
