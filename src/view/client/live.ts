// New commits, as they arrive: a quiet line that offers the new state. A page that shows the past says nothing.
import { element } from './dom.ts'

type Commit = { commit: string; operation: string; documents: string[]; message: string }
type News = { commit: string; commits: Commit[] }

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
