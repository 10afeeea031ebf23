// Bytes of RTF as characters: by the document's code page, or by the character set of a font.
import { labelOfCodepage } from '../codepages.ts'
import { symbolOf } from '../office/symbol-fonts.ts'

/** Encodings by font character set (RTF 1.9.1, "Font Table"). */
const CHARSETS: Record<number, string> = {
  77: 'macintosh',
  128: 'shift_jis',
  129: 'euc-kr',
  134: 'gb18030',
  136: 'big5',
  161: 'windows-1253',
  162: 'windows-1254',
  163: 'windows-1258',
  177: 'windows-1255',
  178: 'windows-1256',
  186: 'windows-1257',
  204: 'windows-1251',
  222: 'windows-874',
  238: 'windows-1250',
  254: 'cp437',
  255: 'cp850',
}

/** The upper halves of code pages that `TextDecoder` does not know. */
const TABLES: Record<string, string> = {
  cp437:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  cp850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
}

/** Undefined if it is the document's code page. */
export function encodingOfCharset(charset: number): string | undefined {
  return CHARSETS[charset]
}

export function encodingOfCodepage(codepage: number): string {
  const own = `cp${codepage}`
  return TABLES[own] === undefined ? labelOfCodepage(codepage) : own
}

const decoders = new Map<string, InstanceType<typeof TextDecoder>>()

/** `bytes` as Latin-1. */
export function decodeBytes(bytes: string, encoding: string): string {
  const upper = TABLES[encoding]
  if (upper !== undefined) return bytes.replace(/[\x80-\xff]/g, (byte) => upper[byte.charCodeAt(0) - 0x80] ?? byte)
  let decoder = decoders.get(encoding)
  if (decoder === undefined) decoders.set(encoding, (decoder = new TextDecoder(encoding)))
  return decoder.decode(Buffer.from(bytes, 'latin1'))
}

export function isSymbolFont(name: string): boolean {
  return /^(?:symbol|wingdings|webdings|zapfdingbats)/i.test(name)
}

/** Text in a symbol font: characters are codes, also in the private use area. */
export function fromSymbols(text: string, font: string): string {
  return text.replace(/[!-~\xa1-\xff\uf020-\uf0ff]/g, (sign) => symbolOf(font, sign.charCodeAt(0).toString(16)))
}
