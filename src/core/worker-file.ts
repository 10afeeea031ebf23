/** The module of a worker beside the module at `url`: TypeScript where that runs from source, JavaScript when built. */
export function workerFile(url: string, name: string): URL {
  return new URL(`./${name}${url.endsWith('.ts') ? '.ts' : '.js'}`, url)
}
