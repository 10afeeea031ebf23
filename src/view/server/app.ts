// The viewer as a web application: checks each request, then renders the page of its address.
import { Hono, type Context } from 'hono'
import { KbError } from '../../core/errors.ts'
import { removalOf } from '../load/removal.ts'
import { problemPage, removedPage } from '../pages/problem.ts'
import { PAGE_ROUTES } from '../routes.ts'
import type { PageRoute } from '../page-route.ts'
import { API_ROUTES } from './api.ts'
import { askedMoment, type AskedMoment } from './asked-moment.ts'
import { admit, hostName, hostOf, pageHeaders, refusal } from './guard.ts'
import { answerWrite, WRITE_ROUTES } from './write-api.ts'
import { contextOf, originalsOrigin, type Viewer } from './viewer.ts'
import { REVIEW_WRITES } from './review-api.ts'
import { RenderedPages } from './rendered-pages.ts'
import { serveAsset, serveFile } from './files.ts'

export function viewerApp(viewer: Viewer): Hono {
  const app = new Hono()
  const rendered = new RenderedPages()
  app.use(async (c, next) => {
    const reason = refusal(c.req.raw.headers, c.req.method, viewer.access)
    if (reason !== undefined) return c.text(`${reason}\n`, 403)
    if (viewer.access.open) {
      const answer = admit(c, viewer.access)
      if (answer !== undefined) return answer
    }
    await next()
    for (const [name, value] of Object.entries(pageHeaders(originalsOrigin(viewer.originals, hostOf(c)))))
      c.header(name, value)
    return undefined
  })
  app.get('/assets/:file', (c) => serveAsset(c, viewer.assets))
  app.get('/files/:commit/*', (c) => serveFile(c, viewer.source))
  for (const route of API_ROUTES) app.get(`/api/${route.path}`, (c) => route.answer(c, viewer))
  if (viewer.writable)
    for (const route of [...WRITE_ROUTES, ...REVIEW_WRITES])
      app.post(`/api/write/${route.path}`, (c) => answerWrite(c, viewer, route))
  for (const route of PAGE_ROUTES) app.get(route.path, (c) => servePage(c, viewer, route, rendered))
  app.notFound((c) => serveProblem(c, viewer, new KbError('notFound', `${c.req.path} is not a page of the viewer.`)))
  app.onError((error, c) => serveProblem(c, viewer, error))
  return app
}

async function servePage(c: Context, viewer: Viewer, route: PageRoute, rendered: RenderedPages): Promise<Response> {
  const { source } = viewer
  const moment = await askedMoment(c, viewer)
  const query = new URL(c.req.url).searchParams
  const params = c.req.param() as Record<string, string>
  const context = contextOf(viewer, hostOf(c), moment, route.place(params, query))
  const placeOf = await source.places(moment.commit)
  const render = async (): Promise<string> => {
    try {
      return String(await route.render({ source, commit: moment.commit, context, placeOf, params, query }))
    } catch (error) {
      const gone = await removalOf(source, moment.commit, context.place, error)
      if (gone === undefined) throw error
      throw new Gone(String(removedPage(gone, context)))
    }
  }
  if (route.changes === true) return c.html(await render(), 200, { 'Cache-Control': 'no-store' })
  // Pages name the origin of originals, which depends on the name by which the viewer was reached.
  const key = `${hostName(hostOf(c))} ${moment.commit} ${String(context.moment.pinned)} ${c.req.path}?${query.toString()}`
  const { body, tag } = await rendered.get(key, viewer.version, render)
  const headers = { ETag: tag, 'Cache-Control': 'no-cache' }
  if (c.req.header('if-none-match') === tag) return c.body(null, 304, headers)
  return c.html(body, 200, headers)
}

/** The page about something that was removed. */
class Gone extends Error {
  readonly page: string

  constructor(page: string) {
    super('removed')
    this.page = page
  }
}

async function serveProblem(c: Context, viewer: Viewer, error: unknown): Promise<Response> {
  if (error instanceof Gone) return c.html(error.page, 404, { 'Cache-Control': 'no-store' })
  const known = error instanceof KbError ? error : undefined
  const missing = known?.code === 'notFound' || known?.code === 'noBase'
  const moment = await askedMoment(c, viewer).catch(() => momentBeside(viewer))
  const context = contextOf(viewer, hostOf(c), moment, { kind: 'section', section: 'home' })
  const message =
    known?.message ?? `Something unexpected went wrong: ${error instanceof Error ? error.message : String(error)}`
  const problem = { title: missing ? 'Not here' : 'This page could not be made', message, hint: known?.hint }
  return c.html(String(problemPage(problem, context)), missing ? 404 : 500, { 'Cache-Control': 'no-store' })
}

/** If the revision itself is what is wrong. */
async function momentBeside({ source, at }: Viewer): Promise<AskedMoment> {
  const moment = await source.moment(at).catch(() => ({ commit: '', date: '' }))
  return { ...moment, pinned: at !== undefined && moment.commit !== '' }
}
