// What the groups of an RTF file are for (RTF 1.9.1, "Destinations").

/** Groups with text of the document, although programs that do not know them skip some. */
export const SHOWN = new Set(
  `field fldrslt shp shpinst shpgrp shptxt do dptxbxtext footnote annotation object result shppict nesttableprops upr ud`.split(
    ' ',
  ),
)
/** Groups that are read as a whole, as definitions or values. */
export const COLLECTED = new Set(
  `stylesheet listtable listoverridetable info fldinst formfield listtext pntext pict sp mmath atnid atnauthor atndate`.split(
    ' ',
  ),
)
/** Groups outside the text that need no `\*`: definitions, headers and footers, marks, older copies of what is shown. */
export const SKIPPED = new Set(
  `fonttbl colortbl filetbl revtbl rsidtbl listpicture generator themedata colorschememapping latentstyles datastore
objdata objclass objname xmlnstbl mmathPr userprops docvar header headerl headerr headerf footer footerl footerr footerf nonesttables
bkmkstart bkmkend xe tc atnref atrfstart atrfend nonshppict shprslt macpict ftnsep ftnsepc ftncn aftnsep aftnsepc
aftncn pgdsctbl pntxta pntxtb private template passwordhash password pgptbl pnseclvl`.split(/\s+/),
)

export type Destination = 'shown' | 'collected' | 'skipped' | 'format'

/** By the first control word of a group. `format`: no destination, the group is part of what is around it. */
export function destinationOf(word: string, starred: boolean): Destination {
  if (SHOWN.has(word)) return 'shown'
  if (COLLECTED.has(word)) return 'collected'
  return starred || SKIPPED.has(word) ? 'skipped' : 'format'
}
