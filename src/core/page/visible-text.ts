// What a person would see of a text: characters that show nothing can carry words to a model that no reader finds.

/** Default-ignorable characters (language tags and variation selectors among them) and controls; not tab, line end and joiners. */
const INVISIBLE = /(?![\t\n\u200C\u200D])[\p{Default_Ignorable_Code_Point}\p{Cc}\uFFF9-\uFFFB]/gu

/** Joiners have a meaning between letters of cursive and Indic scripts; elsewhere they only hide. */
const STRAY_JOINER =
  /(?<![\p{sc=Arab}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Khmr}])(?:\u200C|\u200D)/gu

/**
 * What has no use in a text but to hide something: controls, bidirectional embeddings, overrides and isolates (Unicode
 * TR36, 3.1), tags that are no part of a flag, and runs of variation selectors and of characters without width that no
 * script writes.
 */
export const CONCEALING =
  /[^\P{Cc}\t\n\r]|[\u202A-\u202E\u2066-\u2069]|(?<!\u{1F3F4}[\u{E0020}-\u{E007F}]{0,8})[\u{E0000}-\u{E007F}]|[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]{2,}|[\u200B-\u200D\u2060-\u2064\uFEFF]{4,}/u

/** The text without characters that show nothing. Line ends become `\n`. */
export function visibleText(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(INVISIBLE, '')
    .replace(STRAY_JOINER, '')
}
