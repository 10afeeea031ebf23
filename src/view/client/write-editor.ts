// Edits a page as Markdown. It is committed as the person's, unless the page is another one by then.
import { element, fetchJson } from './dom.ts'
import { post } from './write-request.ts'

type Source = { path: string; commit: string; text: string }
type Edited = { commit: string | null; stale?: { text: string } }

export async function editPage(path: string): Promise<void> {
  const source = await fetchJson<Source>(`/api/page?path=${encodeURIComponent(path)}`)
  const field = element('textarea', { 'aria-label': `Text of ${path}`, spellcheck: 'true' })
  field.value = source.text
  const state = element('p', { class: 'bad', role: 'alert' })
  const save = element('button', { type: 'button' }, 'Save')
  const cancel = element('button', { type: 'button' }, 'Cancel')
  const dialog = element(
    'dialog',
    { class: 'editor', 'aria-label': `Edit ${path}` },
    element('h2', {}, path),
    field,
    state,
    element('p', { class: 'buttons' }, save, ' ', cancel),
  )
  cancel.addEventListener('click', () => dialog.close())
  dialog.addEventListener('cancel', (event) => {
    if (field.value !== source.text && !confirm('Leave without saving?')) event.preventDefault()
  })
  dialog.addEventListener('close', () => dialog.remove())
  save.addEventListener('click', () => void submit(source, field.value, state))
  document.body.append(dialog)
  dialog.showModal()
  field.focus()
  field.setSelectionRange(0, 0)
  field.scrollTop = 0
}

async function submit({ path, commit }: Source, text: string, state: HTMLElement): Promise<void> {
  try {
    const edited = (await post('edit', JSON.stringify({ page: path, read: commit, text }), () => {})) as Edited
    if (edited.stale === undefined) location.reload()
    else
      state.textContent =
        'The page changed while you were editing, so nothing was saved. Copy your text, load the page again, and put it in.'
  } catch (error) {
    state.textContent = error instanceof Error ? error.message : String(error)
  }
}
