// A lint report as a page: sanitized, so that the links it mentions do not become links of its own.
import { sanitizeInline, oneLine } from '../core/page/sanitize.ts'
import { renderPage } from '../core/page/page.ts'
import type { LintProblem } from '../core/results.ts'

/** Maximum number of problems of each kind in a report; the rest is counted. */
const LISTED_MAX = 200

/** @param date ISO 8601, UTC */
export function lintReport(problems: LintProblem[], date: string): string {
  const day = date.slice(0, 10)
  const fixed = problems.filter((problem) => problem.fixed)
  const found = problems.filter((problem) => !problem.fixed)
  const summary =
    problems.length === 0
      ? 'No problems were found.'
      : `${counted(problems.length, 'problem')}: ${fixed.length} fixed, ${found.length} remaining.`
  return renderPage({
    front: {
      type: 'report',
      title: `Lint report of ${day}`,
      date: day,
      problems: problems.length,
      fixed: fixed.length,
    },
    intro: `# Lint report of ${day}\n\n${summary}`,
    sections: [
      ...(found.length === 0 ? [] : [{ heading: 'Remaining', body: lines(found) }]),
      ...(fixed.length === 0 ? [] : [{ heading: 'Fixed', body: lines(fixed) }]),
    ],
  })
}

function lines(problems: LintProblem[]): string {
  const shown = problems.slice(0, LISTED_MAX).map(({ code, message, fix, fixed }) => {
    const way = fixed || fix === undefined ? '' : ` ${sanitizeInline(oneLine(fix, 200))}`
    return `- ${sanitizeInline(oneLine(message, 400))} (${code})${way}`
  })
  const more = problems.length - shown.length
  return [...shown, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n')
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
