import { decode } from './seal'

/** The code of a 敲门证 as qiaomen/phone/rules/badge.py computes it; it needs no signal. */
export const WINDOW_MS = 60_000

export async function codeAt(secret: string, moment: number): Promise<string> {
  const key = await crypto.subtle.importKey('raw', decode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const counter = new DataView(new ArrayBuffer(8))
  counter.setBigUint64(0, BigInt(Math.floor(moment / WINDOW_MS)))
  const digest = new DataView(await crypto.subtle.sign('HMAC', key, counter.buffer))
  const start = digest.getUint8(digest.byteLength - 1) & 15
  return String((digest.getUint32(start) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
