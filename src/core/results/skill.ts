// What teaching an agent to use a base returns.
import type { SkillClient } from '../skill/text.ts'

export type SkillResult = {
  client: SkillClient
  /** From the project's folder. */
  file: string
  change: 'installed' | 'updated' | 'removed' | 'none'
  /** Of the text that this kbgit writes. */
  version: number
  /** Of the section that the file had before; null if it had none. */
  installed: number | null
  /** The section with its marks. */
  text: string
}
