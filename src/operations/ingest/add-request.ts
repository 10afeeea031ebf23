// What `add` is asked for.
import type { AddOptions } from '../../api.ts'
import type { Item } from './add-tally.ts'
import type { RunOriginalsOptions } from './run-originals.ts'
import type { Candidate } from './url-candidate.ts'

export type AddRequest = AddOptions &
  Pick<RunOriginalsOptions, 'command'> & {
    cwd: string
    /** Absolute paths: files found in folders are skipped unless listed here. */
    only?: string[]
    /** Documents that the caller has fetched, before the inputs. It notes itself what became of them. */
    documents?: (Candidate | Extract<Item, { kind: 'failed' }>)[] | undefined
  }

/** What a source is, before anything is decided about it. */
export type Given = Candidate | Extract<Item, { kind: 'failed' | 'skipped' }>

/** Of the documents that the caller has fetched. */
export function originsOf({ documents = [] }: AddRequest): string[] {
  return documents.map(({ origin }) => origin)
}
