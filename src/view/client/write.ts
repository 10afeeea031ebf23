// What `--write` adds to pages: a button and a drop target for new documents, an editor, and removal with confirmation.
import { element, isTyping } from './dom.ts'
import { editPage } from './write-editor.ts'
import { post, token, type Line } from './write-request.ts'

export function mount(body: HTMLElement): void {
  if (token() === undefined) return
  const bar = document.querySelector('header.bar')
  const add = element(
    'button',
    { type: 'button', class: 'add', 'aria-label': 'Add…' },
    '+',
    element('span', {}, ' Add…'),
  )
  add.addEventListener('click', () => openAdd([]))
  bar?.querySelector('.moment')?.before(add)
  const { page = '', document: name = '' } = body.dataset
  const tools = element('p', { class: 'page-tools writing' })
  if (page !== '') tools.append(button('Edit this page', () => void editPage(page)))
  if (name !== '') tools.append(button('Remove this document…', () => confirmRemoval(name)))
  if (tools.childElementCount > 0) document.querySelector('main')?.append(tools)
  listenForDrops()
  listenForPastes()
}

function button(label: string, work: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button' }, label)
  made.addEventListener('click', work)
  return made
}

function listenForDrops(): void {
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true
  document.addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    document.body.classList.add('dropping')
  })
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) document.body.classList.remove('dropping')
  })
  document.addEventListener('drop', (event) => {
    document.body.classList.remove('dropping')
    if (!hasFiles(event)) return
    event.preventDefault()
    openAdd([...(event.dataTransfer?.files ?? [])])
  })
}

/** Outside of fields: files, and the address of a web page, which the reader confirms. */
function listenForPastes(): void {
  document.addEventListener('paste', (event) => {
    if (isTyping(event.target)) return
    const files = [...(event.clipboardData?.files ?? [])]
    const text = event.clipboardData?.getData('text/plain').trim() ?? ''
    if (files.length === 0 && !/^https?:\/\/\S+$/i.test(text)) return
    event.preventDefault()
    openAdd(files, files.length === 0 ? text : '')
  })
}

function openAdd(files: File[], address = ''): void {
  document.querySelector('dialog.adding')?.remove()
  const chosen = element('input', { type: 'file', multiple: '', 'aria-label': 'Files' })
  const url = element('input', { type: 'url', placeholder: 'https://…', 'aria-label': 'Address of a web page' })
  const list = element('ul', { class: 'plain progress', 'aria-live': 'polite' })
  const form = element(
    'form',
    {},
    element('label', {}, 'Address of a web page', url),
    button('Add the page', () => form.requestSubmit()),
  )
  const dialog = element(
    'dialog',
    { class: 'adding', 'aria-label': 'Add documents' },
    element('h2', {}, 'Add documents'),
    element('label', {}, 'Files, or drop them on the page', chosen),
    form,
    list,
    button('Close', () => dialog.close()),
  )
  dialog.addEventListener('close', () => dialog.remove())
  chosen.addEventListener('change', () => void addFiles([...(chosen.files ?? [])], list))
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (url.value === '') return
    void addOne(url.value, list, (say) => post('add-url', JSON.stringify({ url: url.value }), say))
  })
  document.body.append(dialog)
  dialog.showModal()
  if (address !== '') {
    url.value = address
    url.focus()
  }
  if (files.length > 0) void addFiles(files, list)
}

/** One after the other: each is a commit of its own. */
async function addFiles(files: File[], list: HTMLElement): Promise<void> {
  for (const file of files)
    await addOne(file.name, list, (say) => post(`add?name=${encodeURIComponent(file.name)}`, file, say))
}

type Added = {
  added: { name: string }[]
  updated: { name: string }[]
  skipped: { name?: string; reason: string }[]
  failed: { error: { message: string } }[]
}

async function addOne(
  label: string,
  list: HTMLElement,
  send: (say: (line: Line) => void) => Promise<unknown>,
): Promise<void> {
  const state = element('span', { class: 'meta' }, 'sending')
  const row = element('li', {}, element('span', {}, label), ' ', state)
  list.append(row)
  try {
    const result = (await send((line) => {
      if (line.kind === 'progress') state.textContent = STEPS[line.progress.kind] ?? line.progress.kind
    })) as Added
    const name = [...result.added, ...result.updated][0]?.name
    if (name !== undefined) {
      state.replaceChildren(
        element('a', { href: `/documents/${encodeURIComponent(name)}` }, result.added.length > 0 ? 'added' : 'updated'),
      )
    } else
      state.textContent =
        result.failed[0]?.error.message ??
        (result.skipped[0] === undefined ? 'done' : `already here (${result.skipped[0].reason})`)
    row.classList.toggle('bad', result.failed.length > 0)
  } catch (error) {
    row.classList.add('bad')
    state.textContent = error instanceof Error ? error.message : String(error)
  }
}

const STEPS: Record<string, string> = {
  scan: 'looking',
  planned: 'looking',
  prepare: 'reading',
  compile: 'writing',
  done: 'committing',
  overview: 'writing overviews',
}

function confirmRemoval(name: string): void {
  const state = element('p', { class: 'bad', role: 'alert' })
  const keep = button('Keep it', () => dialog.close())
  keep.autofocus = true
  const remove = button('Remove it', () => {
    remove.disabled = true
    remove.textContent = 'Removing…'
    post('remove', JSON.stringify({ document: name }), () => {}).then(
      () => location.assign('/documents'),
      (error: unknown) => {
        state.textContent = String(error)
        remove.disabled = false
        remove.textContent = 'Remove it'
      },
    )
  })
  const dialog: HTMLDialogElement = element(
    'dialog',
    { 'aria-label': 'Remove the document' },
    element('h2', {}, 'Remove the document?'),
    element(
      'p',
      {},
      `${name} goes, with its sections on the pages of topics. Its history stays, and "kbgit undo" brings it back.`,
    ),
    state,
    keep,
    ' ',
    remove,
  )
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
