// Elements from values: text is always text.

type Attributes = Record<string, string | undefined>

/** An element with attributes and children; an attribute without a value is left out. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value)
  made.append(...children)
  return made
}

/** Whether a key press is meant for a field. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}

/** JSON of the viewer's own server. Throws if the answer is none. */
export async function fetchJson<T>(address: string, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(address, {
    headers: { accept: 'application/json' },
    ...(signal === undefined ? {} : { signal }),
  })
  if (!answer.ok) throw new Error(`The viewer answered ${answer.status}.`)
  return (await answer.json()) as T
}
