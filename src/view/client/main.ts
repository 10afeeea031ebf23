// The one script of every page: starts the islands that the page has. Each is a module of its own, loaded when needed.
import { startKeys } from './keys.ts'
import { startPrefetch } from './prefetch.ts'
import { showRelativeTimes } from './times.ts'

export type Mount = (element: HTMLElement) => void | Promise<void>

/** What `data-island` names. */
const ISLANDS: Record<string, () => Promise<{ mount: Mount }>> = {
  ask: () => import('./ask.ts'),
  citations: () => import('./citations.ts'),
  graph: () => import('./graph.ts'),
  health: () => import('./health.ts'),
  live: () => import('./live.ts'),
  menu: () => import('./menu.ts'),
  review: () => import('./review.ts'),
  palette: () => import('./palette.ts'),
  text: () => import('./text.ts'),
  write: () => import('./write.ts'),
  theme: () => import('./theme.ts'),
  timebar: () => import('./timebar.ts'),
}

for (const element of document.querySelectorAll<HTMLElement>('[data-island]')) {
  const load = ISLANDS[element.dataset['island'] ?? '']
  if (load !== undefined) void load().then(({ mount }) => mount(element))
}
showRelativeTimes(document)
startKeys()
startPrefetch()
if (document.querySelector('a.picture') !== null)
  void import('./pictures.ts').then(({ openLarge }) => openLarge(document))
void import('./code.ts').then(({ addCopyButtons }) => addCopyButtons(document))
