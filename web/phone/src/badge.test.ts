import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { codeAt } from './badge'

test('the published examples give the same codes on this side', async () => {
  const { secret, codes } = JSON.parse(readFileSync(new URL('../../../contract/vectors/badge.json', import.meta.url), 'utf8'))
  for (const one of codes) expect(await codeAt(secret, one.unix_seconds * 1000)).toBe(one.code)
})

test('a code holds for its minute and no longer', async () => {
  const at = (seconds: number) => codeAt('c2VjcmV0LXNlY3JldC1zZWNyZXQ', seconds * 1000)
  expect(await at(1764036000)).toBe(await at(1764036059))
  expect(await at(1764036000)).not.toBe(await at(1764036060))
})
