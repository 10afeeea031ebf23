// The wire formats that the SDK speaks, read and written as the providers do: OpenAI responses and chat completions,
// Anthropic messages, Google generateContent,
// Ollama's chat.
import type { Answer, Asked } from './model-answers.ts'

export type Protocol = 'responses' | 'chat' | 'anthropic' | 'google' | 'ollama'
export type Usage = { prompt: number; cached: number; completion: number }
export type Reply = { answer: Answer; cut: boolean; usage: Usage; id: string; model: string }

// Bodies are the SDK's own: read without ceremony.
// eslint-disable-next-line typescript/no-explicit-any
type Body = any

export function protocolOf(path: string): Protocol | undefined {
  if (path.endsWith('/responses')) return 'responses'
  if (path.endsWith('/chat/completions')) return 'chat'
  if (path.endsWith('/messages')) return 'anthropic'
  if (path.endsWith('/api/chat')) return 'ollama'
  return /:(?:stream)?[gG]enerateContent$/.test(path) ? 'google' : undefined
}

const text = (content: Body): string =>
  typeof content === 'string'
    ? content
    : (content ?? []).map((part: Body) => part.text ?? text(part.content ?? part.output ?? '')).join('')

/** The schema of the tool that takes the answer. */
function answerTool(body: Body): Body {
  const tools = (body.tools ?? []).flatMap((tool: Body) => tool.functionDeclarations ?? tool.function ?? tool)
  const found = tools.find((tool: Body) => tool.name === 'answer')
  return found?.parameters ?? found?.parametersJsonSchema ?? found?.input_schema
}

export function readAsked(protocol: Protocol, body: Body): Asked {
  const turns: Asked['turns'] = []
  switch (protocol) {
    case 'responses':
      for (const item of body.input) {
        if (item.type === 'function_call_output') turns.push({ role: 'tool', text: text(item.output) })
        else if (item.role === 'user' || item.role === 'assistant')
          turns.push({ role: item.role, text: text(item.content) })
      }
      return {
        system:
          body.instructions ??
          body.input
            .filter((item: Body) => item.role === 'system' || item.role === 'developer')
            .map((item: Body) => text(item.content))
            .join('\n'),
        turns,
        tools: body.tool_choice === 'none' ? [] : (body.tools ?? []).map((tool: Body) => tool.name),
        schema: body.text?.format?.schema ?? answerTool(body),
        outputTokensMax: body.max_output_tokens ?? 1e9,
      }
    case 'chat':
      for (const { role, content } of body.messages) if (role !== 'system') turns.push({ role, text: text(content) })
      return {
        system: body.messages
          .filter((message: Body) => message.role === 'system')
          .map((message: Body) => text(message.content))
          .join('\n'),
        turns,
        tools: body.tool_choice === 'none' ? [] : (body.tools ?? []).map((tool: Body) => tool.function.name),
        schema: body.response_format?.json_schema?.schema ?? answerTool(body),
        outputTokensMax: body.max_tokens ?? 1e9,
      }
    case 'ollama':
      for (const { role, content } of body.messages) if (role !== 'system') turns.push({ role, text: content })
      return {
        system: body.messages
          .filter((message: Body) => message.role === 'system')
          .map((message: Body) => message.content)
          .join('\n'),
        turns,
        tools: (body.tools ?? []).map((tool: Body) => tool.function.name),
        schema: typeof body.format === 'object' ? body.format : answerTool(body),
        outputTokensMax: body.options?.num_predict ?? 1e9,
      }
    case 'anthropic': {
      for (const { role, content } of body.messages) {
        for (const part of typeof content === 'string' ? [{ type: 'text', text: content }] : content) {
          if (part.type === 'tool_result') turns.push({ role: 'tool', text: text(part.content) })
          else if (part.type === 'text') turns.push({ role, text: part.text })
        }
      }
      const json = (body.tools ?? []).find((tool: Body) => tool.name === 'json')
      return {
        system: text(body.system ?? ''),
        turns,
        tools: body.tool_choice?.type === 'none' ? [] : (body.tools ?? []).map((tool: Body) => tool.name),
        schema: body.output_config?.format?.schema ?? json?.input_schema ?? answerTool(body),
        outputTokensMax: body.max_tokens,
      }
    }
    case 'google':
      for (const { role, parts } of body.contents) {
        for (const part of parts) {
          if (part.functionResponse !== undefined)
            turns.push({ role: 'tool', text: text(part.functionResponse.response.content) })
          else if (part.text !== undefined)
            turns.push({ role: role === 'model' ? 'assistant' : 'user', text: part.text })
        }
      }
      return {
        system: text(body.systemInstruction?.parts ?? ''),
        turns,
        tools:
          body.toolConfig?.functionCallingConfig?.mode === 'NONE'
            ? []
            : (body.tools ?? []).flatMap((tool: Body) =>
                (tool.functionDeclarations ?? []).map((each: Body) => each.name),
              ),
        schema: body.generationConfig?.responseSchema ?? body.generationConfig?.responseJsonSchema ?? answerTool(body),
        outputTokensMax: body.generationConfig?.maxOutputTokens ?? 1e9,
      }
  }
}

/** The body of a whole answer. `jsonTool`: Anthropic's older way of structured answers. */
export function writeReply(protocol: Protocol, { answer, cut, usage, id, model }: Reply, jsonTool: boolean): Body {
  const call = 'call' in answer ? answer.call : undefined
  const said = 'text' in answer ? answer.text : ''
  switch (protocol) {
    case 'responses':
      return {
        id,
        created_at: 0,
        model,
        object: 'response',
        status: cut ? 'incomplete' : 'completed',
        error: null,
        incomplete_details: cut ? { reason: 'max_output_tokens' } : null,
        output: [
          call === undefined
            ? {
                type: 'message',
                role: 'assistant',
                id: `msg_${id}`,
                status: 'completed',
                content: [{ type: 'output_text', text: said, annotations: [] }],
              }
            : {
                type: 'function_call',
                id: `fc_${id}`,
                call_id: `call_${id}`,
                name: call.name,
                arguments: JSON.stringify(call.input),
                status: 'completed',
              },
        ],
        usage: {
          input_tokens: usage.prompt,
          input_tokens_details: { cached_tokens: usage.cached },
          output_tokens: usage.completion,
          output_tokens_details: { reasoning_tokens: 0 },
        },
      }
    case 'chat':
      return {
        id,
        created: 0,
        model,
        object: 'chat.completion',
        choices: [
          {
            index: 0,
            finish_reason: cut ? 'length' : call === undefined ? 'stop' : 'tool_calls',
            message:
              call === undefined
                ? { role: 'assistant', content: said }
                : {
                    role: 'assistant',
                    content: null,
                    tool_calls: [
                      {
                        id: `call_${id}`,
                        type: 'function',
                        function: { name: call.name, arguments: JSON.stringify(call.input) },
                      },
                    ],
                  },
          },
        ],
        usage: {
          prompt_tokens: usage.prompt,
          completion_tokens: usage.completion,
          total_tokens: usage.prompt + usage.completion,
          prompt_tokens_details: { cached_tokens: usage.cached },
        },
      }
    case 'ollama':
      return {
        model,
        created_at: '2026-01-01T00:00:00Z',
        message: {
          role: 'assistant',
          content: said,
          ...(call === undefined ? {} : { tool_calls: [{ function: { name: call.name, arguments: call.input } }] }),
        },
        done: true,
        done_reason: cut ? 'length' : 'stop',
        prompt_eval_count: usage.prompt,
        eval_count: usage.completion,
      }
    case 'anthropic': {
      const json = jsonTool ? tryJson(said) : undefined
      return {
        id,
        type: 'message',
        role: 'assistant',
        model,
        content:
          call !== undefined
            ? [{ type: 'tool_use', id: `toolu_${id}`, name: call.name, input: call.input }]
            : json !== undefined
              ? [{ type: 'tool_use', id: `toolu_${id}`, name: 'json', input: json }]
              : [{ type: 'text', text: said }],
        stop_reason: cut ? 'max_tokens' : call !== undefined || json !== undefined ? 'tool_use' : 'end_turn',
        stop_sequence: null,
        usage: {
          input_tokens: usage.prompt - usage.cached,
          cache_read_input_tokens: usage.cached,
          cache_creation_input_tokens: 0,
          output_tokens: usage.completion,
        },
      }
    }
    case 'google':
      return {
        candidates: [
          {
            content: {
              role: 'model',
              parts: [call === undefined ? { text: said } : { functionCall: { name: call.name, args: call.input } }],
            },
            finishReason: cut ? 'MAX_TOKENS' : 'STOP',
            index: 0,
          },
        ],
        usageMetadata: {
          promptTokenCount: usage.prompt,
          cachedContentTokenCount: usage.cached,
          candidatesTokenCount: usage.completion,
          totalTokenCount: usage.prompt + usage.completion,
        },
      }
  }
}

/** The same answer as server-sent events, its text in small pieces. */
export function writeEvents(protocol: Protocol, reply: Reply): string[] {
  const { answer, usage, id, model } = reply
  const whole = writeReply(protocol, reply, false)
  const call = 'call' in answer ? answer.call : undefined
  const pieces = 'text' in answer ? (answer.text.match(/[\s\S]{1,24}/g) ?? []) : []
  const event = (value: Body) =>
    `${protocol === 'anthropic' || protocol === 'responses' ? `event: ${value.type}\n` : ''}data: ${JSON.stringify(value)}\n\n`
  switch (protocol) {
    case 'responses': {
      const item = whole.output[0]
      return [
        { type: 'response.created', response: { id, created_at: 0, model } },
        {
          type: 'response.output_item.added',
          output_index: 0,
          item: call === undefined ? { type: 'message', id: item.id } : { ...item, arguments: '' },
        },
        ...pieces.map((delta) => ({
          type: 'response.output_text.delta',
          item_id: item.id,
          output_index: 0,
          content_index: 0,
          delta,
        })),
        ...(call === undefined
          ? []
          : [
              {
                type: 'response.function_call_arguments.delta',
                item_id: item.id,
                output_index: 0,
                delta: item.arguments,
              },
            ]),
        { type: 'response.output_item.done', output_index: 0, item },
        { type: 'response.completed', response: { ...whole, incomplete_details: null } },
      ].map(event)
    }
    case 'chat': {
      const chunk = (delta: Body, finish: string | null) => ({
        id,
        created: 0,
        model,
        object: 'chat.completion.chunk',
        choices: [{ index: 0, delta, finish_reason: finish }],
      })
      const { message, finish_reason: finish } = whole.choices[0]
      return [
        chunk({ role: 'assistant', content: '' }, null),
        ...pieces.map((content) => chunk({ content }, null)),
        ...(call === undefined ? [] : [chunk({ tool_calls: [{ index: 0, ...message.tool_calls[0] }] }, null)]),
        chunk({}, finish),
        { id, created: 0, model, object: 'chat.completion.chunk', choices: [], usage: whole.usage },
      ]
        .map(event)
        .concat('data: [DONE]\n\n')
    }
    case 'anthropic': {
      const block = whole.content[0]
      return [
        {
          type: 'message_start',
          message: { ...whole, content: [], stop_reason: null, usage: { ...whole.usage, output_tokens: 0 } },
        },
        {
          type: 'content_block_start',
          index: 0,
          content_block: call === undefined ? { type: 'text', text: '' } : { ...block, input: {} },
        },
        ...pieces.map((piece) => ({
          type: 'content_block_delta',
          index: 0,
          delta: { type: 'text_delta', text: piece },
        })),
        ...(call === undefined
          ? []
          : [
              {
                type: 'content_block_delta',
                index: 0,
                delta: { type: 'input_json_delta', partial_json: JSON.stringify(call.input) },
              },
            ]),
        { type: 'content_block_stop', index: 0 },
        {
          type: 'message_delta',
          delta: { stop_reason: whole.stop_reason, stop_sequence: null },
          usage: { output_tokens: usage.completion },
        },
        { type: 'message_stop' },
      ].map(event)
    }
    case 'ollama':
      return [
        ...pieces.map((piece) => ({ ...whole, message: { role: 'assistant', content: piece }, done: false })),
        pieces.length === 0 ? whole : { ...whole, message: { role: 'assistant', content: '' } },
      ].map((value) => `${JSON.stringify(value)}\n`)
    case 'google':
      if (call !== undefined) return [event(whole)]
      return [
        ...pieces.map((piece) =>
          event({ candidates: [{ content: { role: 'model', parts: [{ text: piece }] }, index: 0 }] }),
        ),
        event({ ...whole, candidates: [{ ...whole.candidates[0], content: { role: 'model', parts: [] } }] }),
      ]
  }
}

export function writeError(protocol: Protocol, status: number, code: string, message: string): Body {
  switch (protocol) {
    case 'anthropic':
      return { type: 'error', error: { type: code, message } }
    case 'google':
      return { error: { code: status, message, status: code } }
    case 'ollama':
      return { error: message }
    case 'responses':
    case 'chat':
      return { error: { message, type: code, param: null, code } }
  }
}

function tryJson(said: string): Body {
  try {
    return JSON.parse(said)
  } catch {
    return undefined
  }
}
