import type { Bytes, Sealed, SealKey } from './types'

/** The sealed envelope of contract/README.md: the phone holds only the public key and cannot read it again. */
const CURVE = { name: 'ECDH', namedCurve: 'P-256' }
const INFO = new TextEncoder().encode('qiaomen-outbox-v1')
/** The suites this phone seals with; a server with another one names it on its key, and an old app says so. */
export const SUITE = 'P256-HKDF-SHA256-AES256GCM'
export const SM_SUITE = 'SM2-SM4-GCM'

export function encode(raw: Uint8Array): string {
  let text = ''
  for (const byte of raw) text += String.fromCharCode(byte)
  return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

/** randomUUID where there is one; else the same from getRandomValues (Chrome before 92, Safari before 15.4). */
export function uuid(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const raw = crypto.getRandomValues(new Uint8Array(16))
  raw[6] = (raw[6]! & 0x0f) | 0x40
  raw[8] = (raw[8]! & 0x3f) | 0x80
  const hex = Array.from(raw, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

export function decode(text: string): Bytes {
  const raw = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(raw, (char) => char.charCodeAt(0))
}

/** The two halves of a character stand together or not at all: half of one is JSON to no database. */
export function wholeCharacters(text: string): string {
  const characters = /[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g
  return text.replace(characters, (found) => (found.length === 2 ? found : '\ufffd'))
}

async function sharedKey(mine: CryptoKey, theirs: CryptoKey, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, mine, 256)
  const base = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey'])
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: INFO }
  return crypto.subtle.deriveKey(how, base, { name: 'AES-GCM', length: 256 }, false, [use])
}

interface Parts { epk: Bytes; iv: Bytes; ct: Bytes }
/** Raises when the server's key is of a suite this app does not know: better not saved than not readable. */
export async function sealBytes(key: SealKey, content: Bytes, aad: string): Promise<Parts> {
  const additionalData: Bytes = new TextEncoder().encode(aad)
  // the browser has no SM2: fetched where a server asks for it, kept offline with the rest
  if (key.alg === SM_SUITE) return (await import('./sm')).sealSm(decode(key.public), content, additionalData)
  if (key.alg && key.alg !== SUITE) throw new Error(`suite ${key.alg}`)
  const there = await crypto.subtle.importKey('raw', decode(key.public), CURVE, false, [])
  const fresh = await crypto.subtle.generateKey(CURVE, false, ['deriveBits'])
  const aes = await sharedKey(fresh.privateKey, there, 'encrypt')
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const ct = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, aes, content))
  const epk = new Uint8Array(await crypto.subtle.exportKey('raw', fresh.publicKey))
  return { epk, iv, ct }
}

export async function sealText(key: SealKey, text: string, aad: string): Promise<Sealed> {
  const { epk, iv, ct } = await sealBytes(key, new TextEncoder().encode(text), aad)
  return { key_id: key.id, alg: key.alg ?? SUITE, epk: encode(epk), iv: encode(iv), ct: encode(ct) }
}

/** A key pair for one meeting of two phones: what is sealed to its public half opens here only. */
export async function makePair(): Promise<{ mine: CryptoKey; public: string }> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ['deriveBits'])
  return { mine: pair.privateKey, public: encode(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))) }
}

/** Open what was sealed to this key under this id. Raises when it was altered or sealed to another. */
export async function openText(
  mine: CryptoKey, sealed: Pick<Sealed, 'epk' | 'iv' | 'ct'>, aad: string,
): Promise<string> {
  const there = await crypto.subtle.importKey('raw', decode(sealed.epk), CURVE, false, [])
  const aes = await sharedKey(mine, there, 'decrypt')
  const how = { name: 'AES-GCM', iv: decode(sealed.iv), additionalData: new TextEncoder().encode(aad) }
  return new TextDecoder().decode(await crypto.subtle.decrypt(how, aes, decode(sealed.ct)))
}

/** A photo travels as epk | iv | ct. */
export async function sealPhoto(key: SealKey, content: Bytes, id: string): Promise<Bytes> {
  const { epk, iv, ct } = await sealBytes(key, content, id)
  const body = new Uint8Array(epk.length + 12 + ct.length)
  body.set(epk, 0)
  body.set(iv, epk.length)
  body.set(ct, epk.length + 12)
  return body
}

export async function sha256(content: Bytes): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
