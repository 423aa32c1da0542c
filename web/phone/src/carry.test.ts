import 'fake-indexeddb/auto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sign, writeFile } from './carry'
import { PhoneDb } from './db'
import type { OutboxRow } from './types'

const row = (op_id: string, staff_id: string, state: OutboxRow['state']): OutboxRow => ({
  op_id, staff_id, dwelling_id: 'd', label: 'hidden', made_at: '2026-11-25T09:30:00+08:00', state, received_at: '', message: '',
  sealed: { key_id: 'k', epk: 'e', iv: 'i', ct: 'c' }, photos: [],
})

describe('the file of a phone without signal', () => {
  it('is signed as the contract says', async () => {
    const vector = JSON.parse(readFileSync(new URL('../../../contract/vectors/carried.json', import.meta.url), 'utf-8'))
    expect(await sign(vector.hand_in_token, vector.body)).toBe(vector.mac)
  })

  it('holds what is unsent, a part for each person, and no token', async () => {
    const db = new PhoneDb(`carry-${Math.random()}`)
    await db.write('handing', [{ staff_id: 'her', token: 'her-token', leaving: false }, { staff_id: 'him', token: 'his-token', leaving: true }])
    await db.outbox.bulkAdd([row('one', 'her', 'saved'), row('two', 'him', 'queued'), row('three', 'her', 'received')])
    await db.photos.add({ id: 'picture', op_id: 'two', body: new Uint8Array([1, 2, 3]) })
    const text = await writeFile(db)
    const parts = JSON.parse(text).parts.map((part: { body: string }) => JSON.parse(part.body))
    expect(parts.map((part: { items: { op_id: string }[] }) => part.items.map((item) => item.op_id))).toEqual([['one'], ['two']])
    expect(parts[1].photos).toEqual([{ id: 'picture', body: 'AQID' }])
    expect(text).not.toContain('token')
    expect(text).not.toContain('hidden')
  })
})
