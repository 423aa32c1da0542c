import type { PhoneDb } from './db'
import { encode, sealText } from './seal'
import type { SealKey } from './types'

/** The file a phone without signal writes: sealed items and photos, signed with what the file does not hold. */
function hex(raw: ArrayBuffer): string {
  return Array.from(new Uint8Array(raw), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** HMAC-SHA256 under the hash of the hand-in token (contract/vectors/carried.json). */
export async function sign(token: string, body: string): Promise<string> {
  const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
  const shared = hex(await crypto.subtle.digest('SHA-256', bytes(token)))
  const key = await crypto.subtle.importKey('raw', bytes(shared), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return hex(await crypto.subtle.sign('HMAC', key, bytes(body)))
}

/** Every row that the office has not, a part for each right it may be handed in under. */
export async function writeFile(db: PhoneDb): Promise<string> {
  const waiting = (await db.outbox.toArray()).filter((row) => !['draft', 'received'].includes(row.state))
  const rights = [...new Set(waiting.map((row) => row.right))]
  const key = await db.read<SealKey>('seal-key')
  const parts = []
  for (const right of rights) {
    const mine = waiting.filter((row) => row.right === right)
    const pictures = await db.photos.where('op_id').anyOf(mine.map((row) => row.op_id)).toArray()
    const body = JSON.stringify({
      items: mine.map((row) => ({ op_id: row.op_id, ...row.sealed, made_at: row.made_at, photos: row.photos })),
      photos: pictures.map((photo) => ({ id: photo.id, body: encode(photo.body) })),
    })
    const mac = await sign(right, body)
    // a server restored to before the sign-in knows no hash of this right: it opens this, and nobody else can
    parts.push({ body, mac, ...(key && { right: await sealText(key, right, `right:${mac}`) }) })
  }
  return JSON.stringify({ v: 1, parts })
}
