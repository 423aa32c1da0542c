import { decode, encode, openText } from '../seal'
import type { Sealed } from '../types'

/** Opens as the server does: with its private number and its public point, both base64url. */
export async function openAsServer(secret: string, point: string, sealed: Sealed, aad: string): Promise<string> {
  const raw = decode(point)
  const jwk = { kty: 'EC', crv: 'P-256', d: secret, x: encode(raw.slice(1, 33)), y: encode(raw.slice(33)), ext: true }
  const key = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])
  return openText(key, sealed, aad)
}
