// Tagging for languages without word lists: text is segmented by Intl.Segmenter; words in a large share of the
// sentences are function words. Those of some of the commonest languages are listed.
import { isCjk } from './language.ts'
import type { Tagger, Word } from './tag-words.ts'

const STOPWORDS: Record<string, string> = {
  de: 'der die das den dem des ein eine einen einem einer eines und oder aber ist sind war waren wird werden wurde wurden sein hat haben hatte kann können muss müssen soll sollen nicht kein keine mit von vom zu zum zur in im an am auf aus bei für über unter nach vor durch um als wie wenn dass daß ob weil auch nur noch schon sehr so es er sie wir ihr ich sich mich uns man dieser diese dieses diesem diesen jede jeder welche sowie bzw z.b bis seit gegen ohne zwischen während dabei damit dann da hier dort mehr',
  fr: 'le la les un une des du de d l et ou mais est sont était étaient sera être a ont avait avoir peut peuvent doit doivent ne pas plus moins avec sans pour par sur sous dans en au aux à ce cet cette ces il elle ils elles nous vous je tu on se sa son ses leur leurs que qui quoi dont où si comme quand car donc aussi très tout tous toute toutes entre vers chez depuis pendant même fait être été y n s c qu lorsque ainsi autre autres',
  es: 'el la los las un una unos unas de del y o u pero es son era eran ser será fue fueron ha han había haber puede pueden debe deben no más menos con sin para por sobre en al a este esta estos estas ese esa eso aquel él ella ellos ellas nosotros yo tú se su sus lo le les que quien cual cuyo donde si como cuando porque también muy todo todos toda todas entre hacia desde hasta durante mismo así otro otra otros otras cada según e ya',
  it: 'il lo la i gli le un uno una di del della dei degli delle e o ma è sono era erano essere sarà ha hanno aveva avere può possono deve devono non più meno con senza per da dal dalla su sul sulla in nel nella al alla a questo questa questi queste quello quella egli lui lei loro noi voi io tu si suo sua suoi che chi cui dove se come quando perché anche molto tutto tutti tra fra verso durante stesso così altro altri ogni ed ad',
  pt: 'o a os as um uma uns umas de do da dos das e ou mas é são era eram ser será foi foram tem têm tinha ter pode podem deve devem não mais menos com sem para por pelo pela sobre em no na nos nas ao à este esta estes estas esse essa isso aquele ele ela eles elas nós eu tu se seu sua seus suas que quem qual cujo onde como quando porque também muito todo todos toda todas entre até desde durante mesmo assim outro outra cada já',
  zh: '如果 可以 使用 这个 那么 或者 以及 并且 但是 因为 所以 不能 没有 需要 应该 他们 我们 你们 这些 那些 什么 其他 一个 不是 就是 已经 可能 必须 由于 对于 关于 通过 根据 其中 时候 例如 比如 所有 任何 每个 以下 以上 之间 之后 之前 不会 设置 进行 包含 指定 显示',
  ja: 'これ それ あれ この その ため こと もの よう とき 場合 以下 以上 使用 利用 指定 可能 必要 表示 実行 設定 それぞれ すべて',
  nl: 'de het een en of maar is zijn was waren wordt worden werd werden heeft hebben had kan kunnen moet moeten zal zullen niet geen met van voor op aan in uit bij over onder na door om als dan dat die dit deze wie wat waar hoe ook nog al zeer zo het hij zij ze wij we jij je ik zich hun haar er te tot naar tegen tussen tijdens meer veel elke alle andere',
}

/** An article or a preposition that lost its vowel: "l'option". */
const ELIDED = /^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|un|dell|all|nell|sull|dall|quest)['’](?=\p{L}{2})/iu

/** A tagger for these sentences. */
export function statisticalTagger(sentences: string[], language: string | undefined): Tagger {
  const code = (language ?? '').split('-')[0] ?? ''
  const segmenter = new Intl.Segmenter(code === '' ? 'und' : code, { granularity: 'word' })
  const stop = new Set((STOPWORDS[code] ?? '').split(' '))
  const cjk = isCjk(code)
  for (const word of frequentWords(sentences, segmenter)) stop.add(word)
  return (sentence) => {
    const words: Word[] = []
    for (const { segment, isWordLike } of segmenter.segment(sentence.slice(0, 2_000))) {
      let text = segment.trim()
      if (text === '') continue
      const elided = code === 'fr' || code === 'it' ? ELIDED.exec(text)?.[0] : undefined
      if (elided !== undefined) {
        words.push({ text: elided, lower: elided.toLowerCase(), capital: false, proper: false, tag: 'F' })
        text = text.slice(elided.length)
      }
      const lower = text.toLowerCase()
      const capital = /^\p{Lu}/u.test(text)
      words.push({
        text,
        lower,
        capital,
        proper: capital && words.length > 0,
        tag: tagOf(text, lower, capital, isWordLike === true, stop, cjk, code),
      })
    }
    return words
  }
}

function tagOf(
  text: string,
  lower: string,
  capital: boolean,
  isWord: boolean,
  stop: Set<string>,
  cjk: boolean,
  code: string,
): Word['tag'] {
  if (!isWord) return 'S'
  if (/^\p{N}/u.test(text)) return 'D'
  if (stop.has(lower)) return 'F'
  // Japanese verbs and adjectives end in Hiragana.
  if (cjk) return text.length < 2 || /\p{Script=Hiragana}$/u.test(text) ? 'F' : 'N'
  if (lower.length < 3) return 'F'
  // German writes its nouns with a capital.
  if (code === 'de') return capital ? 'N' : 'V'
  return 'N'
}

/** Words in more than a fifth of the sentences, if there are enough sentences to tell. */
function frequentWords(sentences: string[], segmenter: Intl.Segmenter): string[] {
  const step = Math.max(1, Math.floor(sentences.length / 400))
  const counts = new Map<string, number>()
  let seen = 0
  for (let index = 0; index < sentences.length; index += step) {
    seen++
    const own = new Set<string>()
    for (const { segment, isWordLike } of segmenter.segment((sentences[index] ?? '').slice(0, 1_000)))
      if (isWordLike === true) own.add(segment.toLowerCase())
    for (const word of own) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  if (seen < 20) return []
  return [...counts].filter(([word, count]) => count > seen * 0.2 && word.length < 6).map(([word]) => word)
}
