import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { correct } from './actions'
import { hoursInWords, markOf, shortHours } from './marks'
import { abouts, done, late, now, pack, phone, rows, waitedHours } from './state'
import type { About, Door, OutboxRow, Pack } from './types'
import { language } from './words'

const HOUR = 3600_000
const START = Date.parse('2026-11-25T09:00:00+08:00')
const row = (state: OutboxRow['state'], hours: number) =>
  ({ op_id: `${state}${hours}`, state, made_at: new Date(START + hours * HOUR).toISOString() }) as OutboxRow
beforeEach(() => { now.value = START })
afterEach(() => { rows.value = []; pack.value = null; abouts.value = new Map(); language.value = 'zh' })

test('what is on this phone only has an age; a day and two days are said', () => {
  rows.value = [row('problem', -80), row('received', -70), row('queued', -3), row('saved', -1)]
  expect([waitedHours.value, late.value]).toEqual([3, 0]) // the office holds the first, and has the second
  for (const [hours, said] of [[20.9, 0], [21, 24], [44.9, 24], [45, 48], [500, 48]] as const) {
    now.value = START + hours * HOUR
    expect(late.value).toBe(said)
  }
  rows.value = [row('saved', 26)] // a clock that was ahead and was put right
  now.value = START
  expect([waitedHours.value, late.value]).toEqual([0, 0])
})

test('an agreed door says its hour, short on the tile and in full in the list', () => {
  const cases: [Door['hours'], string, string][] = [
    [{ from: '15:00', to: '' }, '15:00起', '15:00 以后来'], [{ from: '', to: '12:00' }, '12:00前', '12:00 以前来'],
    [{ from: '15:00', to: '16:30' }, '15:00起', '15:00–16:30 之间来'], [null, '', ''], [undefined, '', ''],
  ]
  for (const [hours, short, full] of cases) {
    const door = { dwelling_id: 'd', mark: 'agreed', hours } as Door
    pack.value = { doors: [door] } as unknown as Pack
    expect([shortHours(hours), hoursInWords(hours), markOf(door)]).toEqual([short, full, { sign: '◷', word: short || '约好', style: 'due agreed' }])
  }
  language.value = 'en'
  expect(hoursInWords({ from: '15:00', to: '16:30' })).toBe('come between 15:00 and 16:30')
})

test('a visit put to another door is ✓ there, and not at the wrong one', async () => {
  const visit = { label: '3-2-501', dwelling_id: 'wrong', day: '2026-11-25', what: 'visit', outcome: 'met' } as About
  const said = vi.spyOn(phone, 'say').mockResolvedValue(undefined)
  vi.spyOn(phone, 'upload').mockResolvedValue(undefined)
  const know = (kept: OutboxRow, about: About) => {
    rows.value = [...rows.value, kept]
    abouts.value = new Map([...abouts.value, [kept.op_id, about]])
  }
  const first = row('saved', -2)
  know(first, visit)
  expect([...done.value.keys()]).toEqual(['wrong'])
  for (const [n, change] of [{ to_dwelling: 'right' }, { outcome: 'no_answer' }].entries()) {
    await correct(`c${n}`, first.op_id, visit, { reason: '记错了门', persons: {}, ...change })
    know({ ...row('saved', -1), op_id: `c${n}` }, said.mock.lastCall![1] as About)
    expect([...done.value]).toEqual([['right', first]])
  }
  vi.restoreAllMocks()
})
