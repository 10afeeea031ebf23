import { describe, expect, it } from 'vitest'
import {
  hookCommand,
  installedCommand,
  isShellScript,
  newHook,
  withBlock,
  withoutBlock,
} from '../../../src/core/hook-script.ts'

const COMMAND = hookCommand('"${0%/*}/x"', 'post-merge')

describe('a shell script', () => {
  it.each([
    '#!/bin/sh',
    '#! /bin/sh',
    '#!/bin/sh -eu',
    '#!/usr/bin/env bash',
    '#!/usr/bin/env -S bash -e',
    '#!/usr/bin/dash',
    '#!sh',
    '#!/usr/bin/env sh\n. "$0"',
  ])('can begin with %j', (file) => {
    expect(isShellScript(file)).toBe(true)
  })
  it.each([
    '',
    'echo',
    '#!/usr/bin/env python3',
    '#!/bin/sh\r',
    '#!/bin/sh\r\necho',
    '#!/usr/bin/zsh',
    '#!/usr/bin/env node',
    '# sh',
    '\x7fELF',
    '#!/bin/shx',
    '#!/usr/bin/perl /bin/sh',
  ])('cannot begin with %j', (file) => {
    expect(isShellScript(file)).toBe(false)
  })
})

describe('the block in a hook', () => {
  it.each([
    '#!/bin/sh\necho a\nexit 0\n',
    '#!/bin/sh\n',
    '#!/bin/sh',
    '#!/bin/sh -e\nexec x "$@"',
    '#!/bin/sh\n\n\n',
    '#!/bin/sh\necho \xff $& $1 \r\n',
  ])('is inserted after the first line of %j, and removed without a trace', (file) => {
    const hook = withBlock(file, COMMAND)
    expect(hook.split('\n')[0]).toBe(file.split('\n')[0])
    expect(hook.split('\n')[2]).toBe(COMMAND)
    expect(installedCommand(hook)).toBe(COMMAND)
    expect(withBlock(hook, COMMAND)).toBe(hook)
    expect(withoutBlock(hook)).toBe(file)
  })

  it('replaces an older one', () => {
    const file = '#!/bin/sh\necho a\n'
    expect(withBlock(withBlock(file, 'old $1'), COMMAND)).toBe(withBlock(file, COMMAND))
  })

  it('is removed together with the file created for it, unless something was added', () => {
    expect(withoutBlock(newHook(COMMAND))).toBeUndefined()
    expect(withoutBlock(`${newHook(COMMAND)}echo mine\n`)).toBe('#!/bin/sh\necho mine\n')
  })

  it('is not removed from a hook that has only its beginning', () => {
    expect(withoutBlock('#!/bin/sh\n# >>> kbgit >>>\n')).toBe('#!/bin/sh\n# >>> kbgit >>>\n')
  })
})
