// The health of the base in one line.
import { fetchJson } from './dom.ts'

export async function mount(line: HTMLElement): Promise<void> {
  const address = line.dataset['source'] ?? ''
  if (address === '') return
  try {
    const { sentence, ok } = await fetchJson<{ sentence: string; ok: boolean }>(address)
    const link = line.querySelector('a')
    if (link !== null) link.textContent = sentence
    line.classList.toggle('fine', ok)
    line.classList.toggle('wrong', !ok)
  } catch {
    // The link to the page stays.
  }
}
