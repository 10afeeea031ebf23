// Shapes and form fields in RTF: pictures, letters drawn as art, boxes that are checked.
import { groupNamed, groupsIn, textIn, type RtfGroup } from './group.ts'
import { pictureIn } from './pictures.ts'

export type Shape = { picture: Buffer | undefined; art: string; description: string }

/** Takes a property (`\sp`) of a shape. */
export function describe(shape: Shape, property: RtfGroup): void {
  const value = groupsIn(property, 'sv')[0]
  switch (textIn(groupsIn(property, 'sn')[0]).trim()) {
    case 'pib': {
      const picture = value === undefined ? undefined : groupNamed(value, 'pict')
      if (picture !== undefined) shape.picture = pictureIn(picture)
      return
    }
    case 'wzDescription':
      shape.description = textIn(value).trim()
      return
    case 'gtextUNICODE':
      shape.art = textIn(value).trim()
  }
}

/** The author's description of a `\pict`. */
export function descriptionOf(picture: RtfGroup): string {
  const shape: Shape = { picture: undefined, art: '', description: '' }
  for (const property of groupsIn(groupNamed(picture, 'picprop'), 'sp')) describe(shape, property)
  return shape.description
}

/** Types of form fields (`\fftype`), and the value that stands for the standard one. */
const CHECK_BOX = 1
const LIST = 2
const STANDARD = 25

/** What a check box or a list displays; '' for other fields. */
export function formValue(field: RtfGroup | undefined): string {
  const form = [field, ...groupsIn(field)].find((group) => group?.words.has('fftype') === true)
  const own = form?.words.get('ffres') ?? STANDARD
  const value = own === STANDARD ? (form?.words.get('ffdefres') ?? 0) : own
  switch (form?.words.get('fftype')) {
    case CHECK_BOX:
      return value === 1 ? '☒' : '☐'
    case LIST:
      return textIn(groupsIn(form, 'ffl')[value]).trim()
    default:
      return ''
  }
}
