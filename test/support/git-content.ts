// The git content that indexes are compared with, by plain git commands: slow, simple, and independent of kbgit's code.
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { BaseContent } from '../../src/core/document/base-content.ts'

export class TestRepository {
  readonly root: string
  /** Objects that `content.read` returned. */
  reads = 0

  constructor(root: string) {
    this.root = root
    mkdirSync(root, { recursive: true })
    this.git('init', '-q', '-b', 'main')
  }

  git(...args: string[]): string {
    return this.#run(args).toString().trim()
  }

  /** Writes and removes files, and commits the result. */
  commit(files: Record<string, string | Buffer | null>): string {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.root, path)
      if (content === null) rmSync(file)
      else {
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, content)
      }
    }
    this.git('add', '-A')
    this.git('-c', 'user.name=t', '-c', 'user.email=t@localhost', 'commit', '-q', '--allow-empty', '-m', 'test')
    return this.git('rev-parse', 'HEAD')
  }

  oid(path: string, commit = 'HEAD'): string {
    return this.git('rev-parse', `${commit}:${path}`)
  }

  #run(args: string[]): Buffer {
    return execFileSync('git', args, { cwd: this.root, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 30 })
  }

  readonly content: BaseContent = {
    diff: async function* (this: TestRepository, from: string, to: string) {
      const fields = this.#run(['diff-tree', '-r', '-z', '--no-renames', from, to]).toString().split('\0')
      for (let index = 0; index + 1 < fields.length; index += 2) {
        const oid = fields[index]!.split(' ')[3]!
        yield { path: fields[index + 1]!, oid: /^0+$/.test(oid) ? null : oid }
      }
    }.bind(this),
    tree: async function* (this: TestRepository, commit: string) {
      for (const line of this.#run(['ls-tree', '-r', '-z', commit]).toString().split('\0')) {
        const match = /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(line)
        if (match !== null) yield { oid: match[1]!, path: match[2]! }
      }
    }.bind(this),
    read: async function* (this: TestRepository, oids: string[]) {
      for (const oid of oids) {
        this.reads += 1
        yield { oid, content: this.#run(['cat-file', 'blob', oid]) }
      }
    }.bind(this),
  }
}
