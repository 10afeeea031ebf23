// Where the files of this package are: below its root in a checkout, where modules are TypeScript in the folders of
// `src/`, and in what was built, where all of them are in one folder, `dist/`.
const BUILT = import.meta.url.endsWith('.js')
const ROOT = new URL(BUILT ? '../' : '../../', import.meta.url)

/** A file that the package ships as it is; `path` from the package's root. */
export function packageFile(path: string): URL {
  return new URL(path, ROOT)
}

/** The module that a worker starts with; `name` is its path in `src/`, without extension. rolldown.config.ts lists it. */
export function workerFile(name: string): URL {
  return new URL(BUILT ? `dist/${builtName(name)}.js` : `src/${name}.ts`, ROOT)
}

/** What a module of `src/` that others start, not import, is called in `dist/`. */
export function builtName(name: string): string {
  return name.replaceAll('/', '-')
}
