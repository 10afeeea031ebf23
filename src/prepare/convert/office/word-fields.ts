// Field codes of WordprocessingML: links, form fields and symbols (ECMA-376 part 1, 17.16).
import { isOn } from './word-styles.ts'
import { symbolOf } from './symbol-fonts.ts'
import { attr, child, children, numberAttr, type XmlNode } from './xml-nodes.ts'

/** Open field codes, innermost last. Only the result of a field is displayed. */
export type Fields = { code: string; inResult: boolean; link?: string; form?: XmlNode | undefined }[]

/** The address of a HYPERLINK field. */
export function linkOfCode(code: string): string | undefined {
  const match = /^\s*HYPERLINK\s+(?:"([^"]*)"|(?!\\)(\S+))(?:.*\\l\s+"([^"]*)")?/i.exec(code)
  const address = match?.[1] ?? match?.[2]
  if (address === undefined || address === '') return undefined
  return match?.[3] === undefined || address.includes('#') ? address : `${address}#${match[3]}`
}

/** Fields that display something without having a result: form fields and symbols. */
export function shownWithoutResult({ code, form }: Fields[number]): string {
  const box = child(form, 'w:checkBox')
  if (box !== undefined) return isOn(child(box, 'w:checked') ?? child(box, 'w:default')) ? '☒' : '☐'
  const list = child(form, 'w:ddList')
  const chosenEntry = numberAttr(child(list, 'w:result'), 'w:val') ?? numberAttr(child(list, 'w:default'), 'w:val') ?? 0
  if (list !== undefined) return attr(children(list, 'w:listEntry')[chosenEntry], 'w:val') ?? ''
  return symbolOfCode(code)
}

/** The character of a SYMBOL field; '' for other fields. */
export function symbolOfCode(code: string): string {
  const symbol = /^\s*SYMBOL\s+(\d+|0x[\da-f]+)(?:.*\\f\s+"?([^"\\]+)"?)?/i.exec(code)
  return symbol === null ? '' : symbolOf((symbol[2] ?? '').trim(), Number(symbol[1]).toString(16))
}
