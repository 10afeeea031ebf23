// An answer as it arrives. The final text, with checked citations, comes as HTML that the viewer's server has made.
import { element } from './dom.ts'

type Citation = { document: string; pageNumber?: number; shown: string; address: string; title: string }
type Answer = { html: string; model: string | null; citations: Citation[] }

const WITHOUT_MODEL = 'No model is configured (see "kbgit help config"), so these are the passages that fit best.'

export function mount(section: HTMLElement): void {
  const box = section.querySelector<HTMLElement>('.prose')
  const address = section.dataset['source'] ?? ''
  if (box !== null && address !== '') ask(box, address)
}

function ask(box: HTMLElement, address: string): void {
  // Never asks again by itself: an answer may cost money.
  const events = new EventSource(address)
  let text = ''
  const end = (): void => {
    events.close()
    box.setAttribute('aria-busy', 'false')
  }
  const fail = (message: string, hint?: string): void => {
    end()
    const again = element('button', { type: 'button' }, 'Ask again')
    again.addEventListener('click', () => {
      box.setAttribute('aria-busy', 'true')
      box.replaceChildren(element('p', { class: 'arriving' }, 'Asking again…'))
      ask(box, address)
    })
    box.replaceChildren(
      ...(text === '' ? [] : [element('p', { class: 'arriving' }, text)]),
      element('p', { class: 'bad', role: 'alert' }, message),
      ...(hint === undefined ? [] : [element('p', {}, hint)]),
      again,
    )
  }
  events.addEventListener('text', (event) => {
    text += JSON.parse((event as MessageEvent<string>).data) as string
    box.replaceChildren(element('p', { class: 'arriving' }, text))
  })
  events.addEventListener('answer', (event) => {
    const answer = JSON.parse((event as MessageEvent<string>).data) as Answer
    end()
    if (answer.model === null) box.replaceChildren(element('p', { class: 'note' }, WITHOUT_MODEL), sources(answer))
    else {
      // Rendered on the server from Markdown without HTML, as every page is.
      box.innerHTML = answer.html
      box.append(sources(answer))
    }
  })
  events.addEventListener('problem', (event) => {
    const { message, hint } = JSON.parse((event as MessageEvent<string>).data) as { message: string; hint?: string }
    fail(message, hint)
  })
  events.addEventListener('error', () => {
    if (text === '') fail('The viewer does not answer: is "kbgit view" still running?')
    else fail('The answer broke off: what is above is not all of it, and its quotes were not checked.')
  })
}

function sources({ citations, model }: Answer): HTMLElement {
  const list = element(
    'ol',
    { class: 'sources' },
    ...citations.map(({ address, title, pageNumber, shown }) => {
      const quote = element('q')
      quote.innerHTML = shown
      return element(
        'li',
        {},
        element('a', { class: 'to-document', href: address }, title),
        pageNumber === undefined ? '' : `, p. ${pageNumber}`,
        quote,
      )
    }),
  )
  const by = element(
    'p',
    { class: 'meta' },
    model === null ? '' : `Answered by ${model}; each quote was found on its page.`,
  )
  return element('div', {}, ...(citations.length === 0 ? [] : [list]), by)
}
