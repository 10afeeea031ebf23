// What an RTF file defines before its text: styles, lists, and facts about the document.
import type { ListLevel } from '../office/list-numbering.ts'
import { roleOf, type StyleRole } from '../office/word-styles.ts'
import { groupNamed, groupsIn, textIn, type RtfGroup } from './group.ts'

type Style = { name: string; outline: number | undefined; basedOn: number | undefined }

const BASED_ON_MAX = 50
const STYLES_MAX = 10_000
const LISTS_MAX = 100_000

/** Roles of paragraph and character styles by number. */
export class RtfStyles {
  readonly #styles = new Map<string, Style>()

  define(sheet: RtfGroup): void {
    for (const group of groupsIn(sheet).slice(0, STYLES_MAX)) {
      const kind = group.words.has('cs') ? 'cs' : group.words.has('ds') || group.words.has('ts') ? 'other' : 's'
      this.#styles.set(`${kind}${group.words.get(kind) ?? 0}`, {
        name: textIn(group).replace(/;\s*$/, '').trim().toLowerCase(),
        outline: group.words.get('outlinelevel'),
        basedOn: group.words.get('sbasedon'),
      })
    }
  }

  /** As in Word: by outline level or by name, its own or inherited. Programs write the names in English. */
  role(kind: 's' | 'cs', id: number | undefined): StyleRole | undefined {
    let at = id
    for (let steps = 0; at !== undefined && steps < BASED_ON_MAX; steps++) {
      const style = this.#styles.get(`${kind}${at}`)
      if (style === undefined) return undefined
      const role = roleOf(style)
      if (role !== undefined) return role
      if (style.outline === 9) return undefined
      at = style.basedOn === at ? undefined : style.basedOn
    }
    return undefined
  }
}

/** Formats of numbers (RTF 1.9.1, `\levelnfc`) by their names in Word. */
const FORMATS: Record<number, string> = {
  0: 'decimal',
  1: 'upperRoman',
  2: 'lowerRoman',
  3: 'upperLetter',
  4: 'lowerLetter',
  5: 'ordinal',
  22: 'decimalZero',
  23: 'bullet',
  255: 'none',
}

/** Levels of each list, by the number in `\ls`. */
export function listsOf(
  table: RtfGroup | undefined,
  overrides: RtfGroup | undefined,
): Map<string, { levels: Map<number, ListLevel> }> {
  const levels = new Map(
    groupsIn(table, 'list')
      .slice(0, LISTS_MAX)
      .map((list) => [list.words.get('listid'), groupsIn(list, 'listlevel').map(levelOf)]),
  )
  return new Map(
    groupsIn(overrides, 'listoverride')
      .slice(0, LISTS_MAX)
      .map((override) => {
        const own = new Map((levels.get(override.words.get('listid')) ?? []).entries())
        for (const [index, change] of groupsIn(override, 'lfolevel').entries()) {
          const level = own.get(index)
          const whole = groupsIn(change, 'listlevel')[0]
          const start = change.words.get('levelstartat')
          if (whole !== undefined) own.set(index, levelOf(whole))
          else if (level !== undefined && start !== undefined) own.set(index, { ...level, start })
        }
        return [`${override.words.get('ls')}`, { levels: own }]
      }),
  )
}

/** The text of a level begins with its length; numbers of levels are characters with these codes. */
function levelOf(group: RtfGroup): ListLevel {
  const text = textIn(groupNamed(group, 'leveltext'))
  const length = text.charCodeAt(0)
  return {
    legal: group.words.get('levellegal') === 1,
    start: group.words.get('levelstartat') ?? 1,
    format: FORMATS[group.words.get('levelnfcn') ?? group.words.get('levelnfc') ?? 0] ?? 'decimal',
    text: Number.isNaN(length)
      ? undefined
      : Array.from(text.slice(1, 1 + length), (letter) =>
          letter.charCodeAt(0) < 9 ? `%${letter.charCodeAt(0) + 1}` : letter,
        ).join(''),
    restart: group.words.get('levelnorestart') === 1 ? 0 : undefined,
    style: undefined,
  }
}

/** Title, author and date as in the file; '' if unknown. */
export function informationOf(info: RtfGroup | undefined): Record<'title' | 'author' | 'date', string> {
  const field = (name: string): string => textIn(groupsIn(info, name)[0]).replace(/\s+/g, ' ').trim()
  const created = groupsIn(info, 'creatim')[0]?.words
  const [year, month, day] = ['yr', 'mo', 'dy'].map((word) => created?.get(word) ?? 0)
  const two = (value = 0): string => String(value).padStart(2, '0')
  return {
    title: field('title'),
    author: field('author'),
    date: year === undefined || year < 1 || month === 0 || day === 0 ? '' : `${year}-${two(month)}-${two(day)}`,
  }
}
