import type { PhoneDb } from './db'
import { uuid } from './seal'
import type { Bytes } from './types'

/**
 * The lock of what is readable on this phone: list, sign-in, half records, labels. One random key, wrapped by the PIN
 * (PBKDF2-SHA256, 600,000 rounds: OWASP 2023) and around that by a key the browser does not hand out. Rows do not
 * depend on it: they are sealed to the server. A six-digit PIN alone stops nobody with the disk; that the list is small
 * does.
 */
interface Lock { salt: Bytes; box: Bytes; tries: number; rounds?: number; id?: string }
/**
 * The same key once more, wrapped by what an authenticator gives for `salt` after it knew a finger or a face (WebAuthn
 * PRF). `lock`: of which lock; it goes with that one.
 */
interface Finger { credential: Bytes; salt: Bytes; box: Bytes; lock: string }
export interface MadeFinger { credential: Bytes; salt: Bytes; secret: Bytes }

export const ROUNDS = 600_000
export const MOST_TRIES = 5
/** What goes with the key; rows and how to hand them in stay. */
export const BEHIND_THE_LOCK = ['lock', 'finger', 'device-key', 'pack', 'pack-until', 'session', 'owner']
const AES = { name: 'AES-GCM', length: 256 }
const text = new TextEncoder()

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

async function fromPin(pin: string, salt: Bytes, iterations: number): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', text.encode(pin), 'PBKDF2', false, ['deriveKey'])
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations }
  return crypto.subtle.deriveKey(how, base, AES, false, ['encrypt', 'decrypt'])
}

/** PRF output is no key by itself: HKDF-SHA256 makes one of it that serves this and nothing else. */
async function fromSecret(secret: Bytes, salt: Bytes): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const how = { name: 'HKDF', hash: 'SHA-256', salt, info: text.encode('qiaomen-finger-v1') }
  return crypto.subtle.deriveKey(how, base, AES, false, ['encrypt', 'decrypt'])
}

const asKey = (raw: Bytes) => crypto.subtle.importKey('raw', raw, AES, false, ['encrypt', 'decrypt'])

/** One open or closed lock; each tab has its own. `rounds`: what a new PIN costs to try. */
export class Vault {
  private key: CryptoKey | null = null
  private id = ''

  constructor(private db: PhoneDb, private rounds = ROUNDS) {}

  get isOpen(): boolean {
    return this.key !== null
  }

  close(): void {
    this.key = null
  }

  async hasLock(): Promise<boolean> {
    return (await this.db.read('lock')) !== undefined
  }

  /** Whether no try is left. */
  async isSpent(): Promise<boolean> {
    return ((await this.db.read<Lock>('lock'))?.tries ?? 0) >= MOST_TRIES
  }

  /**
   * Whether this phone is still locked by the key open here; another tab may have handed it over. For use in a
   * transaction.
   */
  async holds(): Promise<boolean> {
    const lock = await this.db.read<Lock>('lock')
    return this.isOpen && !!lock && (lock.id ?? '') === this.id
  }

  /** Make the key and lock it with a PIN. */
  async makeLock(pin: string): Promise<void> {
    const raw = crypto.getRandomValues(new Uint8Array(32))
    const salt = crypto.getRandomValues(new Uint8Array(16))
    const device = (await crypto.subtle.generateKey(AES, false, ['encrypt', 'decrypt'])) as CryptoKey
    const box = await boxed(device, await boxed(await fromPin(pin, salt, this.rounds), raw))
    const [key, id] = [await asKey(raw), uuid()]
    await this.db.transaction('rw', this.db.meta, async () => {
      await this.db.write('device-key', device)
      await this.db.meta.delete('finger')
      await this.db.write('lock', { salt, box, tries: 0, rounds: this.rounds, id } satisfies Lock)
    })
    this.key = key
    this.id = id
  }

  /**
   * Try a PIN; a try is counted before it is tried, so that a kill gives none away. Returns how many are left, or
   * open.
   */
  async tryPin(pin: string): Promise<'open' | number> {
    const found = await this.unwrap(pin)
    if (typeof found === 'number') return found
    return (await this.open(await asKey(found.raw), found.lock)) ? 'open' : 0
  }

  private async unwrap(pin: string): Promise<{ raw: Bytes; lock: Lock } | number> {
    const { db } = this
    const lock = await db.transaction('rw', db.meta, async () => {
      const found = await db.read<Lock>('lock')
      if (!found || found.tries >= MOST_TRIES) return undefined
      await db.write('lock', { ...found, tries: found.tries + 1 })
      return found
    })
    const device = await db.read<CryptoKey>('device-key')
    if (!lock || !device) return 0
    try {
      const pinKey = await fromPin(pin, lock.salt, lock.rounds ?? ROUNDS)
      return { raw: await unboxed(pinKey, await unboxed(device, lock.box)), lock }
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'OperationError') throw error
      return MOST_TRIES - lock.tries - 1
    }
  }

  /** The PIN was right: the count goes back, unless another tab gave the lock up meanwhile. */
  private async open(key: CryptoKey, lock: Lock): Promise<boolean> {
    const there = await this.db.transaction('rw', this.db.meta, async () => {
      const now = await this.db.read<Lock>('lock')
      if (!now || now.id !== lock.id) return false
      await this.db.write('lock', { ...now, tries: 0 })
      return true
    })
    if (there) [this.key, this.id] = [key, lock.id ?? '']
    return there
  }

  /** The credential that may open it beside the PIN, with its salt. */
  async finger(): Promise<Pick<Finger, 'credential' | 'salt'> | undefined> {
    const [finger, lock] = [await this.db.read<Finger>('finger'), await this.db.read<Lock>('lock')]
    return finger && lock && finger.lock === lock.id ? finger : undefined
  }

  /** Wrap the key for a finger, too: the PIN unwraps it first, and counts as any try. `make` asks for the finger. */
  async letFinger(pin: string, make: () => Promise<MadeFinger>): Promise<'open' | number> {
    const found = await this.unwrap(pin)
    if (typeof found === 'number') return found
    const { raw, lock } = found
    if (!(await this.open(await asKey(raw), lock))) return 0
    const device = await this.db.read<CryptoKey>('device-key')
    const { credential, salt, secret } = await make()
    const box = await boxed(device!, await boxed(await fromSecret(secret, salt), raw))
    await this.db.transaction('rw', this.db.meta, async () => {
      if (await this.holds()) await this.db.write('finger', { credential, salt, box, lock: this.id } satisfies Finger)
    })
    return 'open'
  }

  async dropFinger(): Promise<void> {
    await this.db.meta.delete('finger')
  }

  /** Open with what the authenticator gave. It sets no count back: only the PIN does. */
  async openBy(secret: Bytes): Promise<boolean> {
    const [finger, lock] = [await this.db.read<Finger>('finger'), await this.db.read<Lock>('lock')]
    const device = await this.db.read<CryptoKey>('device-key')
    if (!finger || !lock || !device || finger.lock !== lock.id || lock.tries >= MOST_TRIES) return false
    try {
      const key = await asKey(await unboxed(await fromSecret(secret, finger.salt), await unboxed(device, finger.box)))
      const [now, id] = [await this.db.read<Lock>('lock'), lock.id]
      if (now?.id !== id || now.tries >= MOST_TRIES) return false // handed over or spent in another window meanwhile
      ;[this.key, this.id] = [key, id ?? '']
      return true
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'OperationError') throw error
      return false
    }
  }

  /** Hide bytes. Raises when closed. */
  async hideBytes(content: Bytes): Promise<Bytes> {
    if (!this.key) throw new Error('locked')
    return boxed(this.key, content)
  }

  /** What was hidden; undefined when it was hidden under a key that is gone. Raises when closed. */
  async showBytes(box: unknown): Promise<Bytes | undefined> {
    if (!this.key) throw new Error('locked')
    if (!(box instanceof Uint8Array)) return undefined
    return unboxed(this.key, box as Bytes).catch(() => undefined)
  }

  async hide(value: unknown): Promise<Bytes> {
    return this.hideBytes(text.encode(JSON.stringify(value)))
  }

  async show<T>(box: unknown): Promise<T | undefined> {
    const raw = this.key && (await this.showBytes(box))
    return raw ? (JSON.parse(new TextDecoder().decode(raw)) as T) : undefined
  }
}
