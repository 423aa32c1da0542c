import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { dice } from './testing/dice'
import { World } from './testing/world'
import type { SealKey } from './types'

/** What stands between the core and the screens: the lock that waits for a record, what is read and forgotten. */
vi.mock('./seal', async (real) => ({
  ...(await real<typeof import('./seal')>()),
  sealText: async (key: SealKey, text: string) => ({ key_id: key.id, epk: '', iv: '', ct: text }),
}))
vi.mock('./vault', async (real) => ({ ...(await real<typeof import('./vault')>()), ROUNDS: 1 }))

const MINUTE = 60_000
let world: World
const listeners = new Map<string, ((event?: unknown) => void)[]>()
const listen = (kind: string, heard: () => void) => { listeners.set(kind, [...(listeners.get(kind) ?? []), heard]) }
const happens = (kind: string) => { for (const heard of listeners.get(kind) ?? []) heard() }
let account: typeof import('./account')
let state: typeof import('./state')

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'Date', 'performance'] })
  vi.setSystemTime(Date.parse('2026-11-25T09:00:00+08:00'))
  world = new World(dice(1), 'w')
  world.calm = true
  listeners.clear()
  const root = { lang: '', toggleAttribute: () => {} }
  const page = { hidden: false, addEventListener: listen, documentElement: root, createElement: () => ({}) }
  const history = { pushState: () => {}, replaceState: () => {} }
  const navigator = { onLine: true, platform: 'test', storage: { persist: async () => false } }
  const browser = {
    document: page, history, navigator, addEventListener: listen, window: { addEventListener: listen },
    scrollTo: () => {}, fetch: world.fetch,
  }
  for (const [name, made] of Object.entries(browser)) vi.stubGlobal(name, made)
  vi.resetModules()
  indexedDB.deleteDatabase('qiaomen')
  account = await import('./account')
  state = await import('./state')
  await account.begin()
  await account.signIn('姚', 'p')
  await account.choosePin('135790')
})
afterEach(() => {
  state.db.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})
const later = (minutes: number) => {
  vi.setSystemTime(Date.now() + minutes * MINUTE)
  world.now = Date.now()
}
const door = () => state.pack.value!.doors[0]!

test('after signing in the list is there and the browser that promised nothing is said', () => {
  expect([state.lockState.value, state.place.value.screen]).toEqual(['open', 'today'])
  expect(state.pack.value!.doors.length).toBe(4)
  expect(account.notPersistent.value).toBe(true)
})

test('left alone for five minutes it locks, and a tap then opens nothing', async () => {
  state.go('door', { door: door() })
  later(6)
  happens('pointerdown')
  expect([state.lockState.value, state.place.value.screen, state.pack.value]).toEqual(['closed', 'today', null])
  expect(await account.open('246801')).toBe(4)
  expect(await account.open('135790')).toBe('open')
  expect([state.lockState.value, state.pack.value!.doors.length]).toEqual(['open', 4])
})

test('amid a record the screen is covered first, the lock waits, and unlocking goes on with that record', async () => {
  const draft = { ...state.phone.freshDraft(door()), note: '说到一半' }
  await state.phone.keepDraft(draft)
  state.go('record', { door: door(), draft })
  later(6)
  happens('visibilitychange')
  expect([state.lockState.value, account.covered.value]).toEqual(['open', true])
  later(15)
  happens('visibilitychange')
  expect([state.lockState.value, account.covered.value, state.place.value.screen]).toEqual(['closed', false, 'today'])
  await vi.waitFor(() => expect(state.rows.value).toHaveLength(1))
  await account.open('135790')
  expect([state.place.value.screen, state.place.value.draft?.note]).toEqual(['record', '说到一半'])
})

test('locked by hand, the next unlocking begins at 今日', async () => {
  const draft = { ...state.phone.freshDraft(door()), note: '说到一半' }
  await state.phone.keepDraft(draft)
  state.go('record', { door: door(), draft })
  state.go('me')
  account.lock()
  await account.open('135790')
  expect(state.place.value.screen).toBe('today')
})

test('handing over leaves nothing to read and everything to hand in', async () => {
  await state.phone.record('v1', door(), 'met', {}, true)
  await account.leave()
  expect([state.lockState.value, state.session.value, state.pack.value]).toEqual(['none', null, null])
  expect(state.abouts.value.size).toBe(0)
  await vi.waitFor(() => expect(world.kept.items.get('v1')?.state).toBe('taken'))
})
