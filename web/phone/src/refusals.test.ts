import { expect, test } from 'vitest'
import { troubleInWords } from './refusals'

test('each refusal has a sentence that says what is safe; the server\'s own words come first', () => {
  const said = [400, 401, 403, 413, 429, 500, 502, 503].map((status) => troubleInWords({ status, code: '', message: '', after_s: 90 }))
  expect(new Set(said).size).toBe(7) // 502 is 500 to whoever reads it
  for (const words of said) expect(words).toContain('手机里已存的走访都在。')
  expect(said[4]).toContain('2 分钟')
  expect(troubleInWords({ status: 503, code: 'x', message: '服务器满了。' })).toBe('服务器满了。')
})
