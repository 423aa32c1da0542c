import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { PhoneDb } from './db'
import { askFinger, makeFinger, NoFinger } from './finger'
import { BEHIND_THE_LOCK, Vault } from './vault'

/** An authenticator as the browser shows it: a key for a salt, where it has PRF at all. */
function authenticator({ prf = true, atOnce = false, refuses = '' } = {}) {
  const keyFor = async (salt: BufferSource) => crypto.subtle.digest('SHA-256', salt)
  const answer = async (salt: BufferSource, now: boolean) => ({
    rawId: new Uint8Array([7, 7]).buffer,
    getClientExtensionResults: () => (prf ? { prf: { enabled: true, ...(now && { results: { first: given } }) } } : {}),
    ...(given = await keyFor(salt), {}),
  })
  let given: ArrayBuffer
  const asked = vi.fn(async (how: { publicKey: { extensions: { prf: { eval: { first: BufferSource } } } } }) => {
    if (refuses) throw new DOMException('', refuses)
    return answer(how.publicKey.extensions.prf.eval.first, true)
  })
  const create = vi.fn(async (how: Parameters<typeof asked>[0]) => {
    if (refuses) throw new DOMException('', refuses)
    return answer(how.publicKey.extensions.prf.eval.first, atOnce)
  })
  vi.stubGlobal('navigator', { credentials: { create, get: asked } })
  vi.stubGlobal('PublicKeyCredential', { isUserVerifyingPlatformAuthenticatorAvailable: async () => true })
  return { asked, create }
}

let db: PhoneDb
let vault: Vault
let number = 0
beforeEach(async () => {
  db = new PhoneDb(`finger-${number++}`)
  vault = new Vault(db, 1000)
  await vault.makeLock('135790')
  await db.write('pack', await vault.hide('名单'))
})
afterEach(() => vi.unstubAllGlobals())
const list = async (opened: Vault) => opened.show(await db.read('pack'))
const tries = async () => (await db.read<{ tries: number }>('lock'))?.tries

const ways = [true, false]
test.each(ways)('what it unwraps opens the list, its key at once (%s) or not; the PIN does, too', async (atOnce) => {
  const { asked } = authenticator({ atOnce })
  expect(await vault.letFinger('135790', makeFinger)).toBe('open')
  expect(asked).toHaveBeenCalledTimes(atOnce ? 0 : 1)
  const again = new Vault(db, 1000)
  expect(await again.openBy(await askFinger((await again.finger())!))).toBe(true)
  expect([await list(again), await again.holds()]).toEqual(['名单', true])
  again.close()
  expect(await again.tryPin('135790')).toBe('open')
})

test.each([
  [{ prf: false }, 'no-prf'], [{ refuses: 'NotAllowedError' }, 'not-now'], [{ refuses: 'SecurityError' }, 'no-browser'],
])('where the browser gives no key (%o) nothing is kept and the PIN stays', async (how, why) => {
  authenticator(how)
  await expect(vault.letFinger('135790', makeFinger)).rejects.toEqual(new NoFinger(why as NoFinger['why']))
  expect(await vault.finger()).toBeUndefined()
  expect(await vault.tryPin('135790')).toBe('open')
})

test('a browser that knows no fingers is not asked', async () => {
  const { create } = authenticator()
  vi.stubGlobal('PublicKeyCredential', undefined)
  await expect(makeFinger()).rejects.toEqual(new NoFinger('no-browser'))
  expect(create).not.toHaveBeenCalled()
})

test('letting one in counts as any try of the PIN, and asks no authenticator after a wrong one', async () => {
  const { create } = authenticator()
  expect(await vault.letFinger('000001', makeFinger)).toBe(4)
  expect([create.mock.calls.length, await tries(), await vault.finger()]).toEqual([0, 1, undefined])
  for (let left = 3; left >= 0; left--) expect(await vault.letFinger('000001', makeFinger)).toBe(left)
  expect(await vault.letFinger('135790', makeFinger)).toBe(0)
})

test('it sets no count back, and opens nothing once five PINs were wrong', async () => {
  authenticator()
  await vault.letFinger('135790', makeFinger)
  const secret = await askFinger((await vault.finger())!)
  for (let left = 4; left >= 1; left--) expect(await vault.tryPin('000001')).toBe(left)
  expect([await vault.openBy(secret), await tries()]).toEqual([true, 4])
  expect(await vault.tryPin('000001')).toBe(0)
  expect(await vault.openBy(secret)).toBe(false)
})

test('another key, another lock, or a lock given up: it opens nothing', async () => {
  authenticator()
  await vault.letFinger('135790', makeFinger)
  const secret = await askFinger((await vault.finger())!)
  expect(await new Vault(db, 1000).openBy(secret.map((byte) => byte ^ 1))).toBe(false)
  await new Vault(db, 1000).makeLock('246809') // another window: the phone was handed over
  expect([await vault.finger(), await vault.openBy(secret)]).toEqual([undefined, false])
  expect(BEHIND_THE_LOCK).toContain('finger')
})

test('it is not written when the phone was handed over while the finger was asked', async () => {
  authenticator()
  const handedOver = async () => {
    const made = await makeFinger()
    await db.meta.bulkDelete(BEHIND_THE_LOCK)
    return made
  }
  await vault.letFinger('135790', handedOver)
  expect(await db.read('finger')).toBeUndefined()
})
