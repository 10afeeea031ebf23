// Requests that write: with the token of the printed address, answered by lines of JSON.

export type Line =
  | { kind: 'progress'; progress: { kind: string } }
  | { kind: 'done'; result: unknown }
  | { kind: 'failed'; message: string; hint?: string }

/** Undefined in a tab that was not opened with the printed address. */
export function token(): string | undefined {
  try {
    return sessionStorage.getItem('kbgit-token') ?? undefined
  } catch {
    return undefined
  }
}

/** The result. Throws with a message for people if it was refused or failed. */
export async function post(path: string, body: string | Blob, say: (line: Line) => void): Promise<unknown> {
  const type = typeof body === 'string' ? 'application/json' : 'application/octet-stream'
  const answer = await fetch(`/api/write/${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': type, 'x-kbgit-token': token() ?? '' },
  })
  if (!answer.ok || answer.body === null) throw new Error((await answer.text()).trim())
  let rest = ''
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    const lines = (rest + (value ?? '')).split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) {
      const line = JSON.parse(text) as Line
      if (line.kind === 'done') return line.result
      if (line.kind === 'failed')
        throw new Error([line.message, line.hint].filter((part) => part !== undefined).join(' '))
      say(line)
    }
    if (done) throw new Error('The viewer ended before it was done.')
  }
}
