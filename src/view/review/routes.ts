// The pages of reviews: which ones are open, and what accepting one would change.
import type { PageRoute } from '../page-route.ts'
import { reviewPage, reviewsPage } from './page.ts'

export const REVIEW_ROUTES: readonly PageRoute[] = [
  {
    path: '/reviews',
    place: () => ({ kind: 'section', section: 'reviews' }),
    // Branches of reviews come and go without a commit of the base.
    changes: true,
    render: async ({ source: { kb }, context }) => reviewsPage((await kb.reviews.list()).reviews, context),
  },
  {
    path: '/reviews/:number{[1-9][0-9]{0,8}}',
    place: ({ number = '' }) => ({ kind: 'review', number: Number(number) }),
    changes: true,
    render: async ({ source: { kb }, context, params: { number = '' } }) =>
      reviewPage(await kb.reviews.show(Number(number)), context),
  },
]
