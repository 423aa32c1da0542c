import type { PhoneDb } from './db'

/**
 * The lock of what is readable on this phone: list, sign-in, drafts, labels. One random key, wrapped by the PIN
 * (PBKDF2-SHA256, 600,000 rounds: OWASP 2023) and around that by a key the browser does not hand out. Finished visits do not
 * depend on it: they are sealed to the server. A six-digit PIN alone stops nobody with the disk; that the list is small does.
 */
type Bytes = Uint8Array<ArrayBuffer>
interface Lock { salt: Bytes; box: Bytes; tries: number }

export const ROUNDS = 600_000
export const MOST_TRIES = 5
const AES = { name: 'AES-GCM', length: 256 }
const text = new TextEncoder()
let key: CryptoKey | null = null

export const isOpen = (): boolean => key !== null
export const close = (): void => { key = null }

async function boxed(by: CryptoKey, content: Bytes): Promise<Bytes> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const ct = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, by, content))
  const box = new Uint8Array(12 + ct.length)
  box.set(iv)
  box.set(ct, 12)
  return box
}

async function unboxed(by: CryptoKey, box: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: box.slice(0, 12) }, by, box.slice(12)))
}

async function fromPin(pin: string, salt: Bytes): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', text.encode(pin), 'PBKDF2', false, ['deriveKey'])
  return crypto.subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ROUNDS }, base, AES, false, ['encrypt', 'decrypt'])
}

export async function hasLock(db: PhoneDb): Promise<boolean> {
  return (await db.read('lock')) !== undefined
}

/** Make the key and lock it with a PIN. */
export async function makeLock(db: PhoneDb, pin: string): Promise<void> {
  const raw = crypto.getRandomValues(new Uint8Array(32))
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const device = (await crypto.subtle.generateKey(AES, false, ['encrypt', 'decrypt'])) as CryptoKey
  const box = await boxed(device, await boxed(await fromPin(pin, salt), raw))
  await db.transaction('rw', db.meta, async () => {
    await db.write('device-key', device)
    await db.write('lock', { salt, box, tries: 0 } satisfies Lock)
  })
  key = await crypto.subtle.importKey('raw', raw, AES, false, ['encrypt', 'decrypt'])
}

/** Try a PIN; a try is counted before it is tried, so that a kill gives none away. Returns how many are left, or open. */
export async function tryPin(db: PhoneDb, pin: string): Promise<'open' | number> {
  const lock = await db.read<Lock>('lock')
  const device = await db.read<CryptoKey>('device-key')
  if (!lock || !device || lock.tries >= MOST_TRIES) return 0
  await db.write('lock', { ...lock, tries: lock.tries + 1 })
  try {
    const raw = await unboxed(await fromPin(pin, lock.salt), await unboxed(device, lock.box))
    key = await crypto.subtle.importKey('raw', raw, AES, false, ['encrypt', 'decrypt'])
  } catch {
    return MOST_TRIES - lock.tries - 1
  }
  await db.write('lock', { ...lock, tries: 0 })
  return 'open'
}

/** Throw the key away with all it opened: list, sign-in, drafts. Sealed visits and how to hand them in stay. */
export async function wipe(db: PhoneDb): Promise<void> {
  key = null
  await db.transaction('rw', db.meta, db.drafts, async () => {
    await db.meta.bulkDelete(['lock', 'device-key', 'pack', 'session'])
    await db.drafts.clear()
  })
}

export async function hideBytes(content: Bytes): Promise<Bytes> {
  if (!key) throw new Error('locked')
  return boxed(key, content)
}

export async function showBytes(box: Bytes): Promise<Bytes> {
  if (!key) throw new Error('locked')
  return unboxed(key, box)
}

export async function hide(value: unknown): Promise<Bytes> {
  return hideBytes(text.encode(JSON.stringify(value)))
}

/** What was hidden; undefined when it was hidden under a key that is gone. */
export async function show<T>(box: unknown): Promise<T | undefined> {
  if (!(box instanceof Uint8Array)) return undefined
  try {
    return JSON.parse(new TextDecoder().decode(await showBytes(box as Bytes))) as T
  } catch {
    return undefined
  }
}
