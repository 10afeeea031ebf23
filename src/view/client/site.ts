// The one script of the exported site: classic, because a page on a disk may load no modules.
import { addCopyButtons } from './code.ts'
import { mount as citations } from './citations.ts'
import type { Mount } from './main.ts'
import { mount as menu } from './menu.ts'
import { mountWith } from './palette.ts'
import { openLarge } from './pictures.ts'
import { findInSite } from './site-search.ts'
import { mount as text } from './text.ts'
import { mount as theme } from './theme.ts'
import { showRelativeTimes } from './times.ts'
import { startKeys } from './keys.ts'

const ISLANDS: Record<string, Mount> = {
  citations,
  menu,
  palette: (form) => mountWith(form, findInSite),
  text,
  theme,
}

for (const element of document.querySelectorAll<HTMLElement>('[data-island]'))
  void ISLANDS[element.dataset['island'] ?? '']?.(element)
showRelativeTimes(document)
startKeys()
openLarge(document)
addCopyButtons(document)
