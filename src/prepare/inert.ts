export type InertOptions = {
  /** Whether `file` of a `kbgit-image:` link is one that was stored for this document. */
  hasImage: (file: string) => boolean
  url?: string
}
export function inert(markdown: string, _options: InertOptions): string {
  return markdown
}
