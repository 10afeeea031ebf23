// Where this package's files are: in a checkout, modules are TypeScript in the folders of `src/`; in a build, all of
// them are in one folder, `dist/`.
const BUILT = import.meta.url.endsWith('.js')
const ROOT = new URL(BUILT ? '../' : '../../', import.meta.url)

/** A file that ships unchanged with the package; `path` is relative to the package root. */
export function packageFile(path: string): URL {
  return new URL(path, ROOT)
}

/**
 * The module that a worker starts with; `name` is its path in `src/`, without extension. Listed in rolldown.config.ts.
 */
export function workerFile(name: string): URL {
  return new URL(BUILT ? `dist/${builtName(name)}.js` : `src/${name}.ts`, ROOT)
}

/** The name in `dist/` of a module of `src/` that is started rather than imported. */
export function builtName(name: string): string {
  return name.replaceAll('/', '-')
}
