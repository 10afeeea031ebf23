// What a person would see of a text: invisible characters can carry words to a model that no reader finds.

/**
 * Default-ignorable characters (including language tags and variation selectors) and controls, except tab, line end and
 * joiners.
 */
const INVISIBLE = /(?![\t\n\u200C\u200D])[\p{Default_Ignorable_Code_Point}\p{Cc}\uFFF9-\uFFFB]/gu

/** Joiners have a meaning between letters of cursive and Indic scripts; elsewhere they only hide text. */
const STRAY_JOINER =
  /(?<![\p{sc=Arab}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Khmr}])(?:\u200C|\u200D)/gu

/**
 * Characters that have no use in a text except to hide something: controls, bidirectional embeddings, overrides and
 * isolates (Unicode TR36, 3.1), tags outside of a flag, and runs of variation selectors and of zero-width characters
 * that no script uses.
 */
export const CONCEALING =
  /[^\P{Cc}\t\n\r]|[\u202A-\u202E\u2066-\u2069]|(?<!\u{1F3F4}[\u{E0020}-\u{E007F}]{0,8})[\u{E0000}-\u{E007F}]|[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]{2,}|[\u200B-\u200D\u2060-\u2064\uFEFF]{4,}/u

/** The text without invisible characters. Line ends become `\n`. */
export function visibleText(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(INVISIBLE, '')
    .replace(STRAY_JOINER, '')
}
