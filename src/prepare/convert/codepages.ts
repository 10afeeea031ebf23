// The encodings that Windows code pages name.

/** Code pages whose encoding does not follow from a rule. */
const CODEPAGES: Record<number, string> = {
  866: 'ibm866',
  932: 'shift_jis',
  936: 'gb18030',
  949: 'euc-kr',
  950: 'big5',
  1200: 'utf-16le',
  1201: 'utf-16be',
  10_000: 'macintosh',
  10_007: 'x-mac-cyrillic',
  20_866: 'koi8-r',
  20_932: 'euc-jp',
  20_936: 'gb18030',
  21_866: 'koi8-u',
  50_220: 'iso-2022-jp',
  50_221: 'iso-2022-jp',
  50_222: 'iso-2022-jp',
  51_932: 'euc-jp',
  51_936: 'gb18030',
  51_949: 'euc-kr',
  52_936: 'gb18030',
  54_936: 'gb18030',
  65_001: 'utf-8',
}

/** A label for TextDecoder. */
export function labelOfCodepage(codepage: number | undefined): string {
  if (codepage === undefined) return 'windows-1252'
  const isIso = codepage > 28_590 && codepage < 28_607
  const label = CODEPAGES[codepage] ?? (isIso ? `iso-8859-${codepage - 28_590}` : `windows-${codepage}`)
  try {
    return new TextDecoder(label).encoding
  } catch {
    return 'windows-1252'
  }
}
