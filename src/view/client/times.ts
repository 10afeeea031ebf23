// Dates as people say them: "3 days ago", with the exact time when the pointer rests on it.
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

export function relativeTime(iso: string, now = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
  for (const [unit, length] of UNITS) {
    const amount = Math.trunc(seconds / length)
    if (amount !== 0) return format.format(amount, unit)
  }
  return 'just now'
}

export function showRelativeTimes(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLTimeElement>('time:not([data-exact])')) {
    const exact = new Date(element.dateTime)
    if (Number.isNaN(exact.getTime()) || !element.dateTime.includes('T')) continue
    element.textContent = relativeTime(element.dateTime)
    element.title = exact.toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })
  }
}
