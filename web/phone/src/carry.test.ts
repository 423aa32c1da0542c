import 'fake-indexeddb/auto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sign, writeFile } from './carry'
import { PhoneDb } from './db'
import { openAsServer } from './testing/opening'
import type { OutboxRow, Sealed } from './types'

const row = (op_id: string, right: string, state: OutboxRow['state']): OutboxRow => ({
  op_id, staff_id: 'x', right, label: new TextEncoder().encode('hidden'), made_at: '2026-11-25T09:30:00+08:00', state,
  received_at: '', sealed: { key_id: 'k', epk: 'e', iv: 'i', ct: 'c' }, photos: [],
})

describe('the file of a phone without signal', () => {
  it('is signed as the contract says', async () => {
    const vector = JSON.parse(readFileSync(new URL('../../../contract/vectors/carried.json', import.meta.url), 'utf-8'))
    expect(await sign(vector.hand_in_token, vector.body)).toBe(vector.mac)
  })

  it('holds every row that is not received, a part for each right, and no right itself', async () => {
    const db = new PhoneDb(`carry-${Math.random()}`)
    const states = ['saved', 'queued', 'held', 'problem', 'received', 'draft'] as const
    // nobody is signed in
    await db.outbox.bulkAdd(states.map((state, n) => row(state, n % 2 ? 'her-token' : 'his-token', state)))
    await db.photos.add({ id: 'picture', op_id: 'queued', body: new Uint8Array([1, 2, 3]) })
    const text = await writeFile(db)
    const parts = JSON.parse(text).parts.map((part: { body: string }) => JSON.parse(part.body))
    const keys = parts.map((part: { items: { op_id: string }[] }) => part.items.map((item) => item.op_id))
    expect(keys.flat().sort()).toEqual(['held', 'problem', 'queued', 'saved'])
    expect(keys.length).toBe(2)
    expect(parts.flatMap((part: { photos: unknown[] }) => part.photos)).toEqual([{ id: 'picture', body: 'AQID' }])
    expect(JSON.parse(text).parts[0].right).toBeUndefined() // no key was ever given
    expect(text).not.toContain('token')
    expect(text).not.toContain('hidden')
  })

  it('brings each right sealed to the server, bound to its part, for a server that was restored', async () => {
    const { public: key, private: secret } = JSON.parse(
      readFileSync(new URL('../../../contract/vectors/envelope.json', import.meta.url), 'utf-8'),
    )
    const db = new PhoneDb(`carry-${Math.random()}`)
    await db.write('seal-key', { id: 'k9', public: key })
    await db.outbox.bulkAdd([row('a', 'her-token', 'saved'), row('b', 'his-token', 'saved')])
    const text = await writeFile(db)
    expect(text).not.toContain('-token')
    const rights = JSON.parse(text).parts.map((part: { right: Sealed; mac: string }) =>
      openAsServer(secret, key, part.right, `right:${part.mac}`))
    expect((await Promise.all(rights)).sort()).toEqual(['her-token', 'his-token'])
  })
})
