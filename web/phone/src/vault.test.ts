import 'fake-indexeddb/auto'
import { beforeEach, expect, test } from 'vitest'
import { PhoneDb } from './db'
import { ROUNDS, Vault } from './vault'

let db: PhoneDb
let vault: Vault
let number = 0
beforeEach(() => {
  db = new PhoneDb(`vault-${number++}`)
  vault = new Vault(db, 1000)
})

test('what is hidden opens after the right PIN and never shows in the store, at its full cost', async () => {
  vault = new Vault(db)
  await vault.makeLock('135790')
  await db.write('pack', await vault.hide({ greet: '范**，2 口人' }))
  vault.close()
  expect(await vault.show(await db.read('pack'))).toBeUndefined()
  await expect(vault.hide(1)).rejects.toThrow()
  expect(await vault.tryPin('135791')).toBe(4)
  expect(await vault.tryPin('135790')).toBe('open')
  expect(await vault.show(await db.read('pack'))).toEqual({ greet: '范**，2 口人' })
  const text = (value: unknown) => (value instanceof Uint8Array ? new TextDecoder().decode(value) : JSON.stringify(value))
  const stored = (await db.meta.toArray()).map((row) => text(row.value)).join()
  expect(stored).not.toContain('口人')
  expect(stored).not.toContain('135790')
  expect((await db.read<CryptoKey>('device-key'))!.extractable).toBe(false)
  expect([ROUNDS, (await db.read<{ rounds: number }>('lock'))!.rounds]).toEqual([600_000, 600_000])
}, 30000)

test('a right PIN sets the count back; a try counts even if the phone dies in it', async () => {
  await vault.makeLock('135790')
  for (let n = 0; n < 3; n++) await vault.tryPin('000001')
  expect(await vault.tryPin('135790')).toBe('open')
  expect(await vault.tryPin('000001')).toBe(4)
  expect((await db.read<{ tries: number }>('lock'))!.tries).toBe(1)
})

test('after five wrong ones the right one opens nothing', async () => {
  await vault.makeLock('135790')
  for (let n = 4; n >= 0; n--) expect(await vault.tryPin('246801')).toBe(n)
  expect(await vault.tryPin('135790')).toBe(0)
  expect(await vault.isSpent()).toBe(true)
})

test('a lock another window gave up or made anew is not held here, and is not brought back by a PIN under way', async () => {
  await vault.makeLock('135790')
  expect(await vault.holds()).toBe(true)
  const trying = vault.tryPin('135790')
  await db.meta.bulkDelete(['lock', 'device-key'])
  expect([await trying, await db.read('lock')]).toEqual([0, undefined])
  await new Vault(db, 1000).makeLock('135790')
  expect(await vault.holds()).toBe(false)
})
