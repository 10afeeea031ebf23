// How the site's search index is made and read: the same on both sides.
export const SITE_SEARCH = {
  fields: ['title', 'text'],
  storeFields: ['title', 'kind', 'where', 'address', 'passage', 'shown'],
}
