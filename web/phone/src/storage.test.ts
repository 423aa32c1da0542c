import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { drain } from './outbox'
import { isFull, keeping, notKept, unkept } from './storage'
import { encode } from './seal'
import { clear, db, pack, session } from './state'
import type { Door, Pack } from './types'
import * as vault from './vault'
import { freshDraft, keepDraft, readDraft, record, recordQuick, undoable } from './actions'

/** Types the phone's disk refuses to write while it is full. */
let full = false
let room = Infinity
const refuse = () => {
  if (full || room-- <= 0) throw new DOMException('full', 'QuotaExceededError')
}
for (const table of [db.drafts, db.outbox, db.photos, db.meta]) {
  table.hook('creating', refuse)
  table.hook('updating', refuse)
}
const door = (n: number) => ({ dwelling_id: `d${n}`, household_id: null, label: `3-2-${n}01`, people: [], base_version: 1, position: n }) as unknown as Door

beforeEach(async () => {
  full = false
  room = Infinity
  vi.stubGlobal('fetch', async () => { throw new TypeError('offline') })
  const pair = (await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])) as CryptoKeyPair
  await vault.makeLock(db, '135790')
  pack.value = { seal_key: { id: 'k', public: encode(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))) }, doors: [door(1), door(2)], round: null } as unknown as Pack
  session.value = { token: 't', staff: { id: 'me', name: '姚静' }, community: { id: 'c', name: '锦瑟' } }
})
afterEach(async () => { full = false; room = Infinity; undoable.value = null; notKept.value = null; await db.outbox.clear(); await db.photos.clear(); await db.drafts.clear(); unkept.clear() })

test('a full phone is told from any other failure, however deep Dexie hides it', () => {
  const quota = new DOMException('full', 'QuotaExceededError')
  expect([quota, { name: 'AbortError', inner: quota }, { name: 'BulkError', failures: [{ name: 'AbortError', inner: quota }] }, { name: 'AbortError', inner: new DOMException('disk', 'UnknownError') }].map(isFull)).toEqual([true, true, true, true])
  expect([new TypeError('offline'), { name: 'AbortError' }, undefined, null].map(isFull)).toEqual([false, false, false, false])
})

test('an answer the disk refused is said, kept in the app, and written down when there is room', async () => {
  const draft = { ...freshDraft('d1'), words: '水管漏水' }
  const again = () => keeping('3-2-101', () => keepDraft(draft), again)
  full = true
  const closed = vi.spyOn(db, 'close')
  expect(await again()).toBe(false)
  expect(closed).toHaveBeenCalledWith({ disableAutoOpen: false }) // a full disk may have ended the connection
  closed.mockRestore()
  expect(notKept.value).toMatchObject({ full: true, what: '3-2-101' })
  expect(await db.drafts.count()).toBe(0)
  expect((await readDraft('d1'))!.words).toBe('水管漏水') // turning a page loses nothing
  full = false
  await notKept.value!.again!()
  expect(notKept.value).toBeNull()
  expect(unkept.size).toBe(0)
  expect((await readDraft('d1'))!.words).toBe('水管漏水')
  await db.drafts.clear()
})

test('a visit that finds no room is not saved, not ticked and not half there; tapped once more it is', async () => {
  await keepDraft({ ...freshDraft('d1'), words: '水管漏水' })
  const picture = new Uint8Array([1, 2, 3])
  for (room of [0, 1]) { // the row finds none, or its photo
    expect(await keeping('3-2-101', () => record(door(1), 'met', { pictures: [picture] }))).toBe(false)
    expect(notKept.value!.full).toBe(true)
    expect([await db.outbox.count(), await db.photos.count(), await db.drafts.count()]).toEqual([0, 0, 1])
  }
  room = Infinity
  expect(await keeping('3-2-101', () => record(door(1), 'met', { pictures: [picture] }))).toBe(true)
  expect(notKept.value).toBeNull()
  expect([await db.outbox.count(), await db.photos.count(), await db.drafts.count()]).toEqual([1, 1, 0])
})

test('of several doors the first finds room: it is named as saved, the others are not', async () => {
  room = 1
  expect(await keeping('', () => recordQuick([door(1), door(2)], 'no_answer'))).toBe(false)
  expect(undoable.value).toMatchObject({ label: '3-2-101', keys: [(await db.outbox.toArray())[0]!.op_id] })
  full = true
  undoable.value = null
  expect(await keeping('', () => recordQuick([door(2)], 'no_answer'))).toBe(false)
  expect(undoable.value).toBeNull() // nothing to say ✓ of
})

test('a full phone still hands in what it holds', async () => {
  await db.write('epoch', 'e')
  await record(door(1), 'met')
  const sent: string[] = []
  full = true
  const api = { send: async (rows: { op_id: string }[]) => { sent.push(...rows.map((row) => row.op_id)); return { epoch: 'e', results: [] } }, list: async () => ({ epoch: 'e', items: [] }) }
  await drain(db, api as never, 'me')
  expect(sent).toHaveLength(1)
  expect((await db.outbox.toArray())[0]!.state).toBe('saved') // not called received: that could not be noted
})

test('what was never written goes with the list', async () => {
  full = true
  await keeping('', () => keepDraft({ ...freshDraft('d1'), words: '水管漏水' }))
  full = false
  vi.stubGlobal('document', { documentElement: {} })
  await clear()
  expect([unkept.size, notKept.value]).toEqual([0, null])
  expect(await readDraft('d1')).toBeUndefined()
})
