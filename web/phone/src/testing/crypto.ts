/**
 * A stand-in for the browser's WebCrypto, without its cost: a box opens under the key it was made with and under no other,
 * and what is in it does not show. For histories by the ten thousand; the real one runs in vault.test.ts and seal tests.
 */
export function fastCrypto(random: () => number) {
  let number = 0
  const tag = (key: CryptoKey) => (key as unknown as { keyTag: string }).keyTag
  const make = (keyTag: string) => ({ keyTag, extractable: false }) as unknown as CryptoKey
  const bytes = (text: string) => new TextEncoder().encode(text)
  const text = (raw: BufferSource) => new TextDecoder('latin1').decode(raw)
  const flip = (raw: Uint8Array) => raw.map((byte) => byte ^ 0x5a)
  return {
    getRandomValues: (raw: Uint8Array) => { for (let at = 0; at < raw.length; at++) raw[at] = random() * 256; return raw },
    randomUUID: () => `u${number++}-${Math.floor(random() * 1e9)}`,
    subtle: {
      generateKey: async () => make(`g${number++}`),
      importKey: async (_format: string, raw: BufferSource) => make(`i${text(raw)}`),
      deriveKey: async (how: { salt: BufferSource }, base: CryptoKey) => make(`d${tag(base)}${text(how.salt)}`),
      digest: async (_how: string, raw: BufferSource) => bytes(`digest of ${text(raw)}`).buffer,
      encrypt: async (_how: unknown, key: CryptoKey, raw: Uint8Array) => {
        const head = bytes(tag(key))
        const box = new Uint8Array(2 + head.length + raw.length)
        box[0] = head.length >> 8
        box[1] = head.length & 255
        box.set(head, 2)
        box.set(flip(raw), 2 + head.length)
        return box.buffer
      },
      decrypt: async (_how: unknown, key: CryptoKey, box: Uint8Array) => {
        const length = (box[0]! << 8) + box[1]!
        if (new TextDecoder().decode(box.slice(2, 2 + length)) !== tag(key)) throw new DOMException('', 'OperationError')
        return flip(box.slice(2 + length)).buffer
      },
    },
  }
}
