// The form in which an answer is asked for. Servers know the first ones or not.
import type { LanguageModelMiddleware } from 'ai'

/** By its schema, as some JSON object, as the input of a tool, or in words. */
export const FORMS = ['schema', 'json', 'tool', 'words'] as const
export type Form = (typeof FORMS)[number]

type CallParams = Parameters<NonNullable<LanguageModelMiddleware['transformParams']>>[0]['params']
type Generated = Awaited<ReturnType<NonNullable<LanguageModelMiddleware['wrapGenerate']>>>

const ANSWER_TOOL = 'answer'

/** Unless the server takes the schema itself, the instructions contain it. */
export function asForm(params: CallParams, form: Form): CallParams {
  const { responseFormat } = params
  if (form === 'schema' || responseFormat?.type !== 'json') return params
  const { schema } = responseFormat
  if (form === 'tool' && schema !== undefined) {
    return {
      ...params,
      responseFormat: { type: 'text' },
      tools: [{ type: 'function', name: ANSWER_TOOL, description: 'Takes the answer.', inputSchema: schema }],
      toolChoice: { type: 'tool', toolName: ANSWER_TOOL },
    }
  }
  const asked = `Answer with one JSON object and nothing else. It must fit this JSON schema:\n${JSON.stringify(schema)}`
  return {
    ...params,
    prompt: withInstructions(params.prompt, asked),
    responseFormat: form === 'json' ? { type: 'json' } : { type: 'text' },
  }
}

/** Behind the instructions that all calls have in common. One message: templates of many models take no second one. */
function withInstructions(prompt: CallParams['prompt'], more: string): CallParams['prompt'] {
  const [first, ...rest] = prompt
  if (first?.role !== 'system') return [{ role: 'system', content: more }, ...prompt]
  return [{ ...first, content: `${first.content}\n\n${more}` }, ...rest]
}

/** The input of the answer's tool as the answer's text. */
export function fromForm(generated: Generated): Generated {
  const call = generated.content.find((part) => part.type === 'tool-call' && part.toolName === ANSWER_TOOL)
  if (call?.type !== 'tool-call') return generated
  const { finishReason } = generated
  return {
    ...generated,
    content: [{ type: 'text', text: call.input }],
    finishReason: finishReason.unified === 'tool-calls' ? { ...finishReason, unified: 'stop' } : finishReason,
  }
}
