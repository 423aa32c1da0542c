import Dexie, { type EntityTable } from 'dexie'
import type { DraftRow, OutboxRow, PhotoRow } from './types'

/** The phone's own database. Finished visits stand here only sealed, all else only hidden by the vault. */
export class PhoneDb extends Dexie {
  meta!: EntityTable<{ key: string; value: unknown }, 'key'>
  outbox!: EntityTable<OutboxRow, 'op_id'>
  photos!: EntityTable<PhotoRow, 'id'>
  drafts!: EntityTable<DraftRow, 'dwelling_id'>

  constructor(name = 'qiaomen') {
    // strict: a transaction has ended only when it is on the disk
    super(name, { chromeTransactionDurability: 'strict' })
    this.version(1).stores({ meta: 'key', outbox: 'op_id, state, made_at', photos: 'id, op_id', drafts: 'dwelling_id' })
  }

  async read<T>(key: string): Promise<T | undefined> {
    return (await this.meta.get(key))?.value as T | undefined
  }

  async write(key: string, value: unknown): Promise<void> {
    await this.meta.put({ key, value })
  }
}
