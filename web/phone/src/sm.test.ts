import { sm2, sm4 } from 'sm-crypto-v2'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decode, encode, SM_SUITE, sealPhoto, sealText } from './seal'
import type { Bytes } from './types'

const pair = sm2.generateKeyPairHex()
const bytes = (hex: string) => Uint8Array.from(hex.match(/../g)!, (two) => parseInt(two, 16))
const hex = (raw: Uint8Array) => Array.from(raw, (byte) => byte.toString(16).padStart(2, '0')).join('')
const key = { id: 'k1', alg: SM_SUITE, public: encode(bytes(pair.publicKey)) }

function open(secret: string, epk: Uint8Array, iv: Uint8Array, ct: Uint8Array, aad: string): string {
  const inner = sm2.doDecrypt(hex(epk), secret, 1, { output: 'array' }) as Uint8Array
  const associatedData = new TextEncoder().encode(aad)
  const how = { mode: 'gcm', iv, associatedData, output: 'array', tag: ct.slice(-16) } as const
  return new TextDecoder().decode(sm4.decrypt(ct.slice(0, -16), inner, how) as unknown as Uint8Array)
}

describe('the second suite, SM2 and SM4 (E6)', () => {
  test('opens with the private key under its id only, and names itself', async () => {
    const sealed = await sealText(key, '见面，水管漏水', 'op-1')
    const [epk, iv, ct] = [sealed.epk, sealed.iv, sealed.ct].map(decode) as [Uint8Array, Uint8Array, Uint8Array]
    expect(sealed.alg).toBe(SM_SUITE)
    expect(epk.length).toBe(112)
    expect(open(pair.privateKey, epk, iv, ct, 'op-1')).toBe('见面，水管漏水')
    expect(() => open(pair.privateKey, epk, iv, ct, 'op-2')).toThrow()
    expect((await sealText(key, 'x', 'op')).epk).not.toBe((await sealText(key, 'x', 'op')).epk)
  })
  test('a photo travels as one run of bytes', async () => {
    const body = await sealPhoto(key, new TextEncoder().encode('picture'), 'p')
    expect(open(pair.privateKey, body.slice(0, 112), body.slice(112, 124), body.slice(124), 'p')).toBe('picture')
  })
  test('the published example opens on this side too', () => {
    const file = new URL('../../../contract/vectors/envelope-sm.json', import.meta.url)
    const vector = JSON.parse(readFileSync(file, 'utf8'))
    const [epk, iv, ct] = ['epk', 'iv', 'ct'].map((name) => decode(vector.item[name])) as [Bytes, Bytes, Bytes]
    const secret = hex(decode(vector.private.replace('sm2.', '')))
    expect(JSON.parse(open(secret, epk, iv, ct, vector.item.op_id))).toEqual(vector.opened)
  })
})
