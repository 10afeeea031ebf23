// Data of an island: from the viewer's server, or from a script of the exported site, whose pages may be files on disk.
import { element, fetchJson } from './dom.ts'

declare global {
  // oxlint-disable-next-line no-var -- what scripts of the site assign to
  var kbgitData: Record<string, unknown> | undefined
}

export async function loadData<T>(name: string, address: string): Promise<T> {
  if (!address.endsWith('.js')) return fetchJson<T>(address)
  await new Promise<void>((resolve, reject) => {
    const script = element('script', { src: address })
    script.addEventListener('load', () => resolve())
    script.addEventListener('error', () => reject(new Error(`${address} could not be loaded.`)))
    document.head.append(script)
  })
  return globalThis.kbgitData?.[name] as T
}
