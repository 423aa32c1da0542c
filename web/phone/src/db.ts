import Dexie, { type EntityTable } from 'dexie'
import { decode } from './seal'
import type { OutboxRow, PhotoRow } from './types'

/** The phone's own database: rows are sealed to the server, what the screen shows of them is hidden by the vault. */
export class PhoneDb extends Dexie {
  meta!: EntityTable<{ key: string; value: unknown }, 'key'>
  outbox!: EntityTable<OutboxRow, 'op_id'>
  photos!: EntityTable<PhotoRow, 'id'>

  constructor(name = 'qiaomen') {
    // strict: a transaction has ended only when it is on the disk
    super(name, { chromeTransactionDurability: 'strict' })
    this.version(1).stores({ meta: 'key', outbox: 'op_id, state, made_at', photos: 'id, op_id', drafts: 'dwelling_id' })
    this.version(2).stores({ outbox: 'op_id, state, made_at, right', drafts: null }).upgrade(giveRights)
  }

  async read<T>(key: string): Promise<T | undefined> {
    return (await this.meta.get(key))?.value as T | undefined
  }

  async write(key: string, value: unknown): Promise<void> {
    await this.meta.put({ key, value })
  }
}

/** Rows of before had their right beside them, under the person. */
async function giveRights(tx: { table(name: string): Dexie.Table }): Promise<void> {
  const kept: { staff_id: string; token: string }[] = (await tx.table('meta').get('handing'))?.value ?? []
  const rights = new Map(kept.map((entry) => [entry.staff_id, entry.token]))
  await tx.table('outbox').toCollection().modify((row) => {
    row.right ??= rights.get(row.staff_id) ?? ''
    if (typeof row.label === 'string') row.label = decode(row.label)
    for (const name of ['dwelling_id', 'needs', 'message']) delete row[name]
  })
  await tx.table('meta').delete('handing')
}
