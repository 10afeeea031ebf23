// A person's decision about a review: accept all of it or the chosen documents, or reject it with a reason.
import { element } from './dom.ts'
import { post, token } from './write-request.ts'

export function mount(box: HTMLElement): void {
  if (token() === undefined) return
  const { number = '', documents = '0' } = box.dataset
  const state = element('p', { role: 'status' })
  const boxes = [...document.querySelectorAll<HTMLInputElement>('input.chosen')]
  const chosen = (): string[] => boxes.filter(({ checked }) => checked).map(({ value }) => value)
  const all = button('Accept all', () => decide('review-accept', { number, documents: '' }))
  const some = button('Accept the chosen documents', () =>
    decide('review-accept', { number, documents: JSON.stringify(chosen()) }),
  )
  const reject = button('Reject…', () => askReason((reason) => decide('review-reject', { number, reason })))
  const buttons = [all, ...(Number(documents) > 1 ? [some] : []), reject]
  const choose = (): void => void (some.disabled = chosen().length === 0)
  if (Number(documents) > 1)
    for (const choice of boxes) {
      choice.hidden = false
      choice.addEventListener('change', choose)
    }
  choose()
  box.append(...buttons, state)
  box.hidden = false

  async function decide(path: string, fields: Record<string, string>): Promise<void> {
    for (const each of buttons) each.disabled = true
    state.className = ''
    state.textContent = path === 'review-accept' ? 'Accepting…' : 'Rejecting…'
    try {
      const result = (await post(path, JSON.stringify(fields), () => {})) as { closed?: boolean }
      if (result.closed === false) location.reload()
      else location.assign('/reviews')
    } catch (error) {
      state.className = 'bad'
      state.textContent = error instanceof Error ? error.message : String(error)
      for (const each of buttons) each.disabled = false
      choose()
    }
  }
}

function button(label: string, work: () => unknown): HTMLButtonElement {
  const made = element('button', { type: 'button' }, label)
  made.addEventListener('click', () => void work())
  return made
}

function askReason(reject: (reason: string) => unknown): void {
  const reason = element('input', { type: 'text', maxlength: '500', required: '', 'aria-label': 'Reason' })
  const form = element(
    'form',
    { method: 'dialog' },
    element('label', {}, 'Why? The reason is recorded.', reason),
    element('button', { type: 'submit' }, 'Reject it'),
    ' ',
    button('Cancel', () => dialog.close()),
  )
  const dialog: HTMLDialogElement = element(
    'dialog',
    { 'aria-label': 'Reject the review' },
    element('h2', {}, 'Reject the review?'),
    element('p', {}, 'Its branch is deleted; what it had is kept in refs/kbgit/reviews.'),
    form,
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (reason.value.trim() === '') return
    dialog.close()
    reject(reason.value)
  })
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
