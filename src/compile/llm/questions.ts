// The questions asked about one document, in order.
import type { Place } from '../../core/document/document.ts'
import type { Contribution, NodeSummary, Quote } from '../../core/document/compiled.ts'
import { clip, plainLine, sanitizeLine, sanitizeMarkdown, withoutTags } from '../../core/page/sanitize-markdown.ts'
import { isNonAnswer } from '../../core/non-answer.ts'
import { AnswerCut, PromptTooLong } from '../../io/model/refused.ts'
import type { Model, ObjectRequest } from '../../io/model/model.ts'
import { acceptKeyPoints, acceptLine, acceptTopics, mergeTopics, readPart, type Reading } from './accept.ts'
import { halvesOf, type DocumentText, type PageRangeNode, type Part } from './document-text.ts'
import {
  BRIEFLY,
  documentPrompt,
  documentSchema,
  knownHint,
  OUTLINE_CHARACTERS_MAX,
  partPrompt,
  partSchema,
  systemPrompt,
  wholePrompt,
  wholeSchema,
  type PartAnswer,
  type SectionAnswer,
  type WholePoint,
  type Wiki,
} from './prompts.ts'
import type { CompileInput } from '../compiler.ts'
import { withLess } from './less-text.ts'

const ANSWER_TOKENS_MAX = 8_000
export const SUMMARY_CHARACTERS_MAX = 2_000
export const SECTION_CHARACTERS_MAX = 600
const SHORT_TOPICS_MAX = 16
const LONG_TOPICS_MAX = 24
const KEY_POINTS_MAX = 12
const TITLE_CHARACTERS_MAX = 100
/** Key points per part that the last call over a long document reads. */
const PART_POINTS_MAX = 6

export type Findings = {
  /** Of a document that has none. */
  title?: string | undefined
  description: string
  summary: string
  keyPoints: Quote[]
  contributions: Contribution[]
  nodeSummaries: NodeSummary[]
}

/** Answers questions: a model, or the counter that estimates the cost. */
export type Asker = <T>(request: Omit<ObjectRequest<T>, 'signal' | 'usage' | 'label'>) => Promise<T>
export const askModel =
  (model: Model, fixed: Pick<ObjectRequest<unknown>, 'signal' | 'usage' | 'label'>): Asker =>
  async (request) => {
    const asked = { ...request, ...fixed }
    try {
      return await model.object(asked)
    } catch (error) {
      if (!(error instanceof AnswerCut)) throw error
      return await model.object({ ...asked, prompt: `${request.prompt}\n\n${BRIEFLY}` })
    }
  }

type Job = { input: CompileInput; title: string; wiki: Wiki; ask: Asker }

/** Reads the document: one or two questions for a short one; for a long one, one per part and one over all. */
export async function askAbout(text: DocumentText, job: Job): Promise<Findings> {
  return job.input.prepared.kind === 'long' && text.parts[0]?.pages !== undefined
    ? askLong(text, job)
    : askShort(text, job)
}

async function askShort({ parts }: DocumentText, { input, title, wiki, ask }: Job): Promise<Findings> {
  const findings = await readParts(parts, async (part, { position }) => {
    const reading = readPart(part)
    const answer = await ask({
      ...fixed(wiki, input, reading),
      prompt: documentPrompt(input.prepared, title, part, position),
      schemaName: 'document',
      schema: documentSchema(input.prepared.title !== undefined || position.index > 0),
      refuse: refuseTexts,
    })
    return {
      title: acceptTitle(answer.title),
      description: acceptLine(answer.description),
      summary: sanitizeMarkdown(answer.summary, SUMMARY_CHARACTERS_MAX),
      ...acceptFound(answer, reading, wiki),
    }
  })
  return {
    title: findings[0]?.title,
    description: findings[0]?.description ?? '',
    summary: clip(findings.map(({ summary }) => summary).join('\n\n'), SUMMARY_CHARACTERS_MAX),
    keyPoints: findings.flatMap(({ keyPoints }) => keyPoints).slice(0, KEY_POINTS_MAX),
    contributions: mergeTopics(
      findings.map(({ contributions }) => contributions),
      SHORT_TOPICS_MAX,
    ),
    nodeSummaries: [],
  }
}

async function askLong({ parts, spanning }: DocumentText, { input, title, wiki, ask }: Job): Promise<Findings> {
  const read = await readParts(parts, async (part, { position, isHalf }) => {
    const reading = readPart(part)
    const answer = await ask({
      ...fixed(wiki, input, reading),
      prompt: partPrompt(input.prepared, title, part, position),
      schemaName: 'part',
      schema: partSchema,
      refuse: ({ sections, keyPoints, topics }) =>
        parts.length === 1 && !isHalf && sections.length + keyPoints.length + topics.length === 0
          ? 'it says nothing about the part'
          : undefined,
    })
    return { part, summaries: acceptSections(answer.sections, part.nodes), ...acceptFound(answer, reading, wiki) }
  })
  const notes = numberNotes(read)
  const outline = notes.lines.join('\n')
  const whole = await withLess(OUTLINE_CHARACTERS_MAX, (charactersMax) =>
    ask({
      system: systemPrompt(wiki),
      outputTokensMax: ANSWER_TOKENS_MAX,
      prompt: wholePrompt(input.prepared, title, outline.slice(0, charactersMax), spanning),
      schemaName: 'whole',
      schema: wholeSchema(input.prepared.title !== undefined),
      refuse: refuseTexts,
    }),
  )
  const points = read.flatMap(({ keyPoints }) => keyPoints)
  return {
    title: acceptTitle(whole.title),
    description: acceptLine(whole.description),
    summary: sanitizeMarkdown(whole.summary, SUMMARY_CHARACTERS_MAX),
    keyPoints: wholePoints(whole.keyPoints, points, notes.places).slice(0, KEY_POINTS_MAX),
    contributions: mergeTopics(
      read.map(({ contributions }) => contributions),
      LONG_TOPICS_MAX,
    ),
    nodeSummaries: [...read.flatMap(({ summaries }) => summaries), ...acceptSections(whole.sections, spanning)],
  }
}

/** Parts up to this many characters are not halved: it is not their length that the model cannot take. */
const HALVED_CHARACTERS_MIN = 2_000

/** Where a part is in the document. `isHalf`: it is a piece of a part that was too long for the model. */
type Where = { position: { index: number; count: number }; isHalf: boolean }

/** What `read` finds in each part, in order. Parts are read concurrently. */
async function readParts<T>(parts: Part[], read: (part: Part, where: Where) => Promise<T>): Promise<T[]> {
  const found = parts.map((whole, index) =>
    inHalves(whole, (part, isHalf) => read(part, { position: { index, count: parts.length }, isHalf })),
  )
  return (await Promise.all(found)).flat()
}

/** The findings of a part, or of its halves, and so on, if the prompt is too long for the model. */
async function inHalves<T>(
  part: Part,
  read: (part: Part, isHalf: boolean) => Promise<T>,
  isHalf = false,
): Promise<T[]> {
  try {
    return [await read(part, isHalf)]
  } catch (error) {
    if (!(error instanceof PromptTooLong) || part.text.length < HALVED_CHARACTERS_MIN) throw error
    const [first, second] = halvesOf(part)
    return [...(await inHalves(first, read, true)), ...(await inHalves(second, read, true))]
  }
}

function fixed(
  wiki: Wiki,
  input: CompileInput,
  reading: Reading,
): { system: string; outputTokensMax: number; hints?: string | undefined } {
  const hints = knownHint(input.known ?? [], reading.finder)
  return { system: systemPrompt(wiki), outputTokensMax: ANSWER_TOKENS_MAX, hints }
}

function acceptFound(
  answer: Pick<PartAnswer, 'keyPoints' | 'topics'>,
  reading: Reading,
  { entityTypes }: Wiki,
): Pick<Findings, 'keyPoints' | 'contributions'> {
  return {
    keyPoints: acceptKeyPoints(answer.keyPoints, reading),
    contributions: acceptTopics(answer.topics, reading, entityTypes),
  }
}

function refuseTexts(answer: { description: string; summary: string }): string | undefined {
  const empty = (['description', 'summary'] as const).find((field) => isNonAnswer(answer[field]))
  return empty === undefined ? undefined : `its ${empty} says nothing`
}

/** Summaries of the requested nodes, one each, in their order. */
function acceptSections(answers: SectionAnswer[], nodes: PageRangeNode[]): NodeSummary[] {
  const summaries = new Map(answers.map(({ id, summary }) => [id.trim(), summary]))
  return nodes.flatMap(({ id }) => {
    const summary = sanitizeLine(summaries.get(id) ?? '', SECTION_CHARACTERS_MAX)
    return isNonAnswer(summary) ? [] : [{ nodeId: id, summary }]
  })
}

type PartFindings = { part: Part; summaries: NodeSummary[]; keyPoints: Quote[] }

/** The summaries and key points of the parts, numbered from 1, and where in the document each of them is. */
function numberNotes(read: PartFindings[]): { lines: string[]; places: (Place | undefined)[] } {
  const lines: string[] = []
  const places: (Place | undefined)[] = []
  const note = (text: string, place: Place | undefined): void => {
    places.push(place)
    lines.push(`[${places.length}] ${text}`)
  }
  for (const { part, summaries, keyPoints } of read) {
    lines.push(`Pages ${part.pages?.first} to ${part.pages?.last}:`)
    for (const node of part.nodes) {
      const summary = summaries.find(({ nodeId }) => nodeId === node.id)?.summary
      if (summary !== undefined) note(`${node.title}: ${summary}`, { page: node.startPage })
    }
    for (const { text, place } of keyPoints.slice(0, PART_POINTS_MAX)) note(text, place)
  }
  return { lines, places }
}

/** The points over the whole document, each at the place of the note that it is based on, or of the point that it repeats. */
function wholePoints(answers: WholePoint[], points: Quote[], places: (Place | undefined)[]): Quote[] {
  const repeated = new Map(points.map(({ text, place }) => [text.toLowerCase(), place]))
  const whole = answers.map(({ text, note }) => ({ text: acceptLine(text), note }))
  const said = whole.filter(({ text }) => !isNonAnswer(text))
  if (said.length === 0) return points
  return said.map(({ text, note }) => {
    const place = repeated.get(text.toLowerCase()) ?? places[note - 1]
    return place === undefined ? { text } : { text, place }
  })
}

function acceptTitle(title: string | undefined): string | undefined {
  const line = plainLine(withoutTags(title ?? ''), TITLE_CHARACTERS_MAX)
  return isNonAnswer(line) ? undefined : line
}
