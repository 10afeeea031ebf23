// What a tool of the MCP server is: a description, schemas of both sides, and a function from arguments to an answer.
import type { z } from 'zod'
import type { Kb } from '../api.ts'
import type { Progress } from '../core/results.ts'
import type { Sampler } from '../core/sampling.ts'
import type { Roots } from './roots.ts'

/** What a tool may use. */
export type ToolCall = {
  kb: Kb
  /** Folders from which documents may be added. */
  roots: Roots
  /** Name of the client program, for what is committed in its name. */
  client: string
  /** The client's model, if it offers one. */
  sampler: Sampler | undefined
  /** Aborts when the client cancels the request or is gone. */
  signal: AbortSignal
  progress: (progress: Progress) => void
}

/** `value` fits the output schema. `text` says the same to clients that read only text. */
export type ToolAnswer = { value: Record<string, unknown>; text: string }

export type McpTool = {
  name: string
  title: string
  description: string
  input: z.ZodObject
  output: z.ZodObject
  /** `read`: changes nothing. `write`: adds a commit. `destroy`: takes away something that a person may miss. */
  effect: 'read' | 'write' | 'destroy'
  /** Calling it again with the same arguments changes nothing more. */
  idempotent?: boolean
  /** Reaches the network. */
  openWorld?: boolean
  /** May ask the client's model. */
  samples?: boolean
  /** Only if `allow` names it. */
  byNameOnly?: boolean
  run: (args: never, call: ToolCall) => Promise<ToolAnswer>
}

/** Lets the compiler infer the type of the arguments from the input schema. */
export function tool<I extends z.ZodObject>(
  definition: Omit<McpTool, 'input' | 'run'> & {
    input: I
    run: (args: z.infer<I>, call: ToolCall) => Promise<ToolAnswer>
  },
): McpTool {
  return definition as McpTool
}
