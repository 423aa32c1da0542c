import 'fake-indexeddb/auto'
import { beforeEach, expect, test } from 'vitest'
import { PhoneDb } from './db'
import * as vault from './vault'

let db: PhoneDb
let number = 0
beforeEach(() => { db = new PhoneDb(`vault-${number++}`); vault.close() })

test('what is hidden opens after the right PIN and never shows in the store', async () => {
  await vault.makeLock(db, '135790')
  await db.write('pack', await vault.hide({ greet: '范**，2 口人' }))
  vault.close()
  expect(await vault.show(await db.read('pack'))).toBeUndefined()
  await expect(vault.hide(1)).rejects.toThrow()
  expect(await vault.tryPin(db, '135791')).toBe(4)
  expect(await vault.tryPin(db, '135790')).toBe('open')
  expect(await vault.show(await db.read('pack'))).toEqual({ greet: '范**，2 口人' })
  const stored = (await db.meta.toArray()).map((row) => (row.value instanceof Uint8Array ? new TextDecoder().decode(row.value) : JSON.stringify(row.value))).join()
  expect(stored).not.toContain('口人')
  expect(stored).not.toContain('135790')
  expect((await db.read<CryptoKey>('device-key'))!.extractable).toBe(false)
  expect(vault.ROUNDS).toBe(600_000)
}, 30000)

test('a right PIN sets the count back; a try counts even if the phone dies in it', async () => {
  await vault.makeLock(db, '135790')
  for (let n = 0; n < 3; n++) await vault.tryPin(db, '000001')
  expect(await vault.tryPin(db, '135790')).toBe('open')
  expect(await vault.tryPin(db, '000001')).toBe(4)
  expect((await db.read<{ tries: number }>('lock'))!.tries).toBe(1)
}, 30000)

test('after five wrong ones the right one opens nothing; wiping leaves sealed visits', async () => {
  await vault.makeLock(db, '135790')
  await db.outbox.add({ op_id: 'a', staff_id: 'me', dwelling_id: 'd', label: '', made_at: '2026-11-25T10:00:00+08:00', sealed: { key_id: 'k', epk: '', iv: '', ct: '' }, photos: [], state: 'saved', received_at: '', message: '' })
  await db.drafts.put({ dwelling_id: 'd', body: await vault.hide({ words: '想有人来说说话' }), photos: [] })
  for (let n = 4; n >= 0; n--) expect(await vault.tryPin(db, '246801')).toBe(n)
  expect(await vault.tryPin(db, '135790')).toBe(0)
  await vault.wipe(db)
  expect(await vault.hasLock(db)).toBe(false)
  expect(await db.read('device-key')).toBeUndefined()
  expect(await db.drafts.count()).toBe(0)
  expect(await db.outbox.count()).toBe(1)
}, 30000)
