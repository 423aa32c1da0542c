import type { Sealed, SealKey } from './types'

/** The sealed envelope of contract/README.md: the phone holds only the public key and cannot read it again. */
const INFO = new TextEncoder().encode('qiaomen-outbox-v1')
type Bytes = Uint8Array<ArrayBuffer>

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

export async function sealBytes(key: SealKey, content: Bytes, aad: string): Promise<{ epk: Bytes; iv: Bytes; ct: Bytes }> {
  const curve = { name: 'ECDH', namedCurve: 'P-256' }
  const there = await crypto.subtle.importKey('raw', decode(key.public), curve, false, [])
  const fresh = await crypto.subtle.generateKey(curve, false, ['deriveBits'])
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: there }, fresh.privateKey, 256)
  const base = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey'])
  const aes = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: INFO }, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt'])
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const additionalData = new TextEncoder().encode(aad)
  const ct = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, aes, content))
  const epk = new Uint8Array(await crypto.subtle.exportKey('raw', fresh.publicKey))
  return { epk, iv, ct }
}

export async function sealText(key: SealKey, text: string, aad: string): Promise<Sealed> {
  const { epk, iv, ct } = await sealBytes(key, new TextEncoder().encode(text), aad)
  return { key_id: key.id, epk: encode(epk), iv: encode(iv), ct: encode(ct) }
}

/** A photo travels as epk | iv | ct. */
export async function sealPhoto(key: SealKey, content: Bytes, id: string): Promise<Bytes> {
  const { epk, iv, ct } = await sealBytes(key, content, id)
  const body = new Uint8Array(65 + 12 + ct.length)
  body.set(epk, 0)
  body.set(iv, 65)
  body.set(ct, 77)
  return body
}

export async function sha256(content: Bytes): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
