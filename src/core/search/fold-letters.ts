// Letters as people type them: without marks and without characters that are not seen. Case is kept.

/** Letters that Unicode does not take apart. */
const LETTERS: Record<string, string> = {
  ß: 'ss',
  ẞ: 'SS',
  ł: 'l',
  Ł: 'L',
  ø: 'o',
  Ø: 'O',
  œ: 'oe',
  Œ: 'Oe',
  æ: 'ae',
  Æ: 'Ae',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'Th',
  ħ: 'h',
  Ħ: 'H',
  ı: 'i',
  ё: 'е',
  Ё: 'Е',
  ς: 'σ',
  // Arabic: the letters that are written for each other.
  ى: 'ي',
  ة: 'ه',
  ٱ: 'ا',
}
const LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu')
/** Soft hyphens, joiners, word joiners, and the stroke that stretches Arabic words. */
const UNSEEN = /[\u00AD\u200B-\u200F\u2060\uFEFF\u0640]/gu
/** Marks of these scripts are left out by most who write: accents, Greek tones, points of Hebrew and Arabic. */
const MARKED = /([\p{Script=Latin}\p{Script=Greek}\p{Script=Hebrew}\p{Script=Arabic}])\p{Mn}+/gu

/** NFKC without marks. Other scripts keep theirs: й is not и, and Indic vowels are marks. */
export function foldLetters(text: string): string {
  return text
    .replace(UNSEEN, '')
    .normalize('NFC')
    .replace(/[ŒÆÞ](?=\p{Lu})/gu, (letter) => (LETTERS[letter] ?? letter).toUpperCase())
    .replace(LETTER, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFKD')
    .replace(MARKED, '$1')
    .normalize('NFKC')
    .replace(LETTER, (letter) => LETTERS[letter] ?? letter)
}
