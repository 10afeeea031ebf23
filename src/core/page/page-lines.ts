// The lines of listing pages and of the log that hold one entry each.

/** The target of an entry line: `- [[summaries/x|Title]]: …`. */
export function entryTarget(line: string): string | undefined {
  return /^- \[\[([^\]|#]+)(?:\|[^\]]*)?\]\]/.exec(line)?.[1]
}

/** The time of a log line, ISO 8601, or undefined if the line is not an entry. */
export function logTime(line: string): string | undefined {
  return /^- (\d{4}-\d\d-\d\dT[\d:]+Z) /.exec(line)?.[1]
}
