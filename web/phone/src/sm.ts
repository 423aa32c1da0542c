import { sm2, sm4 } from 'sm-crypto-v2'
import type { Bytes } from './types'

/** The second suite (国密): a fresh SM4 key enciphered with SM2 as C1|C3|C2, the text in SM4-GCM with its tag. */
export function sealSm(point: Bytes, content: Bytes, aad: Bytes): { epk: Bytes; iv: Bytes; ct: Bytes } {
  const key = crypto.getRandomValues(new Uint8Array(16))
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const hex = Array.from(point, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const wrapped = sm2.doEncrypt(key, hex, 1)
  const epk = Uint8Array.from(wrapped.match(/../g)!, (pair) => parseInt(pair, 16))
  const how = { mode: 'gcm', iv, associatedData: aad, output: 'array', outputTag: true } as const
  const { output, tag } = sm4.encrypt(content, key, how) as { output: Uint8Array; tag: Uint8Array }
  const ct = new Uint8Array(output.length + tag.length)
  ct.set(output)
  ct.set(tag, output.length)
  return { epk, iv, ct }
}
