// New commits, as they arrive: a quiet line that offers the new state. And what is being added elsewhere, document by
// document. A page that shows the past says nothing.
import { element } from './dom.ts'

type Commit = { commit: string; operation: string; documents: string[]; message: string }
type News = { commit: string; commits: Commit[] }
type Running = {
  command: string
  step: string
  path?: string
  done: number
  failed: number
  total: number
  planned: boolean
}

export function mount(box: HTMLElement): void {
  const address = box.dataset['events'] ?? ''
  if (address === '' || document.body.dataset['pinned'] === 'true') return
  const seen: Commit[] = []
  const events = new EventSource(address)
  events.addEventListener('commits', (event) => {
    const { commits } = JSON.parse((event as MessageEvent<string>).data) as News
    seen.unshift(...commits)
    const reload = element('button', { type: 'button' }, 'Show')
    reload.addEventListener('click', () => location.reload())
    box.replaceChildren(element('span', {}, sentence(seen)), reload)
    box.hidden = false
  })
  // Not read out at each step: the commits are.
  const work = element('div', { class: 'running', 'aria-label': 'Work in progress', role: 'group' })
  work.hidden = true
  box.before(work)
  events.addEventListener('running', (event) => {
    const runs = JSON.parse((event as MessageEvent<string>).data) as Running[]
    work.replaceChildren(...runs.map(runLine))
    work.hidden = runs.length === 0
  })
  // Without this the browser keeps the connection of a page that it keeps for "back".
  addEventListener('pagehide', () => events.close())
}

function sentence(commits: readonly Commit[]): string {
  const [newest] = commits
  if (newest === undefined) return ''
  const documents = new Set(commits.flatMap(({ operation, documents: names }) => (operation === 'add' ? names : [])))
  if (documents.size === 1) return `New: ${[...documents][0] ?? ''}`
  if (documents.size > 1) return `${documents.size} new documents`
  return commits.length === 1 ? `New commit: ${newest.message.split('\n')[0] ?? ''}` : `${commits.length} new commits`
}

const VERBS: Record<string, string> = { add: 'Adding', watch: 'Adding', recompile: 'Compiling again' }
const STEPS: Record<string, string> = {
  scan: 'looking for files',
  prepare: 'reading',
  compile: 'writing pages of',
  overview: 'writing overviews',
}

function runLine({ command, step, path = '', done, failed, total, planned }: Running): HTMLElement {
  const verb = VERBS[command] ?? command
  const label = `${verb}: ${done} of ${total} documents${planned ? '' : ' so far'}${failed === 0 ? '' : `, ${failed} failed`}`
  const name = path.slice(path.lastIndexOf('/') + 1)
  const bar = element('progress', { max: String(Math.max(total, 1)), value: String(done), 'aria-label': label })
  const doing = [STEPS[step] ?? step, name].filter((part) => part !== '').join(' ')
  return element('p', {}, element('span', {}, label), bar, element('span', { class: 'meta' }, doing))
}
