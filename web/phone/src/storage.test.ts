import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { notKept, isFull, keeping, unkept } from './storage'
import { encode } from './seal'
import { db, phone, undoable } from './state'
import type { Door, Pack } from './types'
import { actKey, finishRecord, keepDraft, recordQuick } from './actions'

/** Types the phone's disk refuses to write while it is full. */
let full = false
let room = Infinity
const refuse = () => {
  if (full || room-- <= 0) throw new DOMException('full', 'QuotaExceededError')
}
for (const table of [db.outbox, db.photos]) {
  table.hook('creating', refuse)
  table.hook('updating', refuse)
}
const door = (n: number) =>
  ({ dwelling_id: `d${n}`, household_id: null, label: `3-2-${n}01`, building: '锦瑟小区3号楼', people: [], base_version: 1, position: n }) as unknown as Door
const draft = (n: number, words: string) => ({ ...phone.freshDraft(door(n)), words })
const nowhere = () => {}

beforeEach(async () => {
  full = false
  room = Infinity
  vi.stubGlobal('fetch', async () => { throw new TypeError('offline') })
  const pair = (await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])) as CryptoKeyPair
  await phone.vault.makeLock('135790')
  const seal_key = { id: 'k', public: encode(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))) }
  phone.pack = { seal_key, doors: [door(1), door(2)], round: null } as unknown as Pack
  phone.session = { token: 't', right: 'r', staff: { id: 'me', name: '姚静' }, community: { id: 'c', name: '锦瑟' } }
})
afterEach(async () => {
  full = false
  room = Infinity
  undoable.value = null
  notKept.value = null
  await db.outbox.clear()
  await db.photos.clear()
  unkept.clear()
})

test('a full phone is told from any other failure, however deep Dexie hides it', () => {
  const quota = new DOMException('full', 'QuotaExceededError')
  expect([quota, { name: 'AbortError', inner: quota }, { name: 'BulkError', failures: [{ name: 'AbortError', inner: quota }] }, { name: 'AbortError', inner: new DOMException('disk', 'UnknownError') }].map(isFull)).toEqual([true, true, true, true])
  expect([new TypeError('offline'), { name: 'AbortError' }, undefined, null].map(isFull)).toEqual([false, false, false, false])
})

test('an answer the disk refused is said, kept in the app, and written down when there is room', async () => {
  const half = draft(1, '水管漏水')
  const again = () => keeping('3-2-101', () => keepDraft(half), again)
  full = true
  const closed = vi.spyOn(db, 'close')
  expect(await again()).toBe(false)
  expect(closed).toHaveBeenCalledWith({ disableAutoOpen: false }) // a full disk may have ended the connection
  closed.mockRestore()
  expect(notKept.value).toMatchObject({ why: 'full', what: '3-2-101' })
  expect([await db.outbox.count(), unkept.get(half.op_id)!.words]).toEqual([0, '水管漏水']) // turning a page loses nothing
  full = false
  await notKept.value!.again!()
  expect([notKept.value, unkept.size]).toEqual([null, 0])
  expect((await phone.drafts()).map((kept) => kept.words)).toEqual(['水管漏水'])
})

test('a visit that finds no room is not saved, not ticked and not half there; tapped once more it is', async () => {
  const half = draft(1, '水管漏水')
  await keepDraft(half)
  const photo = await phone.addPhoto(half.op_id, new Uint8Array([1, 2, 3]), new Uint8Array([9]))
  room = 0
  const finish = () => keeping('3-2-101', () => finishRecord({ ...half, photos: [photo] }, nowhere))
  expect(await finish()).toBe(false)
  expect([notKept.value!.why, (await db.outbox.toArray()).map((row) => row.state)]).toEqual(['full', ['draft']])
  room = Infinity
  expect(await finish()).toBe(true)
  expect(notKept.value).toBeNull()
  expect([(await db.outbox.toArray()).map((row) => row.state), await db.photos.count()]).toEqual([['held'], 1])
})

test('of several doors the first finds room: it is named as saved, the others are not, and a second tap adds none twice', async () => {
  const acts = [1, 2].map((n) => ({ key: actKey(), door: door(n) }))
  const tap = () => keeping('', () => recordQuick(acts, 'no_answer', nowhere))
  room = 1
  expect(await tap()).toBe(false)
  expect(undoable.value).toMatchObject({ label: '锦瑟小区 3-2-101', keys: [acts[0]!.key] })
  room = Infinity
  expect(await tap()).toBe(true)
  expect(await db.outbox.count()).toBe(2)
  full = true
  undoable.value = null
  const other = { key: actKey(), door: door(2) }
  expect(await keeping('', () => recordQuick([other], 'no_answer', nowhere))).toBe(false)
  expect(undoable.value).toBeNull() // nothing to say ✓ of
})

test('two taps before the first is saved are one visit, at one door and at six', async () => {
  const acts = [1, 2, 3, 4, 5, 6].map((n) => ({ key: actKey(), door: door(n) }))
  await Promise.all([recordQuick(acts, 'no_answer', nowhere), recordQuick(acts, 'no_answer', nowhere)])
  expect(await db.outbox.count()).toBe(6)
})

test('with the list run out in the middle of a record it is saved all the same', async () => {
  await db.write('seal-key', phone.pack!.seal_key)
  phone.pack = null
  expect(await keeping('', () => finishRecord(draft(1, '水管漏水'), nowhere))).toBe(true)
  expect(await db.outbox.count()).toBe(1)
})

test('signed out in another window it says so, not that photos should be deleted', async () => {
  phone.session = null
  expect(await keeping('', () => finishRecord(draft(1, '水管漏水'), nowhere))).toBe(false)
  expect(notKept.value!.why).toBe('signed-out')
})
