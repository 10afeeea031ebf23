// People whom the fields at the head of a document name: "Patient Name: | Jonathan Harrison", "Prepared by: Ann Lee".
import type { TextPage } from './text-blocks.ts'

/** As the document calls what the person is: "Primary Physician". */
export type FieldPerson = { name: string; role: string }

const HEAD_CHARS = 4_000
const PEOPLE_MAX = 6
const FIELD =
  /(?:^|[|\n])[ \t*]*((?:\p{Lu}[\p{L}-]* ){0,2}(?:name|author|physician|doctor|patient|prepared by|written by|reviewed by|approved by|manager|contact|lead|owner|client|attorney|supervisor|instructor|teacher|candidate|applicant|tenant|landlord|shepherd))[ \t]*:[ \t*|]*((?:(?:Dr|Prof|Mr|Mrs|Ms)\.? )?\p{Lu}\p{Ll}+(?: \p{Lu}\.| (?:van|von|de|der|la|di))*(?: \p{Lu}[\p{L}'’-]+){1,3})/gimu
/** What a field may be the name of that is no person. */
const OTHER =
  /\b(?:file|product|project|company|feature|package|crate|model|brand|user|host|domain|event|school|organi[sz]ation|bank|hospital|course|form|document|team)\b/i

/** In the order of the text, each once. */
export function peopleOfFields(pages: readonly TextPage[]): FieldPerson[] {
  const head = (pages[0]?.content ?? '').slice(0, HEAD_CHARS)
  const people = new Map<string, FieldPerson>()
  for (const [, role = '', name = ''] of head.matchAll(FIELD)) {
    if (people.size >= PEOPLE_MAX || OTHER.test(role) || OTHER.test(name) || !/^\p{Lu}/u.test(name)) continue
    const plain = name.replace(/^(?:Dr|Prof|Mr|Mrs|Ms)\.? /i, '').trim()
    if (plain.includes(' ') && !people.has(plain)) people.set(plain, { name: plain, role: role.trim().toLowerCase() })
  }
  return [...people.values()]
}
