import { Refused, type Api } from './api'
import type { PhoneDb } from './db'
import { sendInPieces } from './pieces'
import { isFull } from './storage'
import { sealPhoto, sealText, sha256, uuid } from './seal'
import type { ItemState, OutboxRow, PhotoRow, Said, SealKey } from './types'

export const KEEP_DAYS = 30
const BATCH = 20
/** A photo that arrives other than it was declared so often is damaged on this phone. */
const MOST_DIFFERED = 3

/** Seal what is finished and put it into the outbox with its photos; its draft goes in the same transaction. */
export async function saveVisit(db: PhoneDb, key: SealKey, said: Said, label: string, pictures: Uint8Array<ArrayBuffer>[], staff_id: string): Promise<OutboxRow> {
  const photos: PhotoRow[] = []
  const announced: OutboxRow['photos'] = []
  for (const picture of pictures) {
    const id = uuid()
    const body = await sealPhoto(key, picture, id)
    photos.push({ id, op_id: said.op_id, body })
    announced.push({ id, sha256: await sha256(body), size: body.length })
  }
  const sealed = await sealText(key, JSON.stringify({ ...said, photos: announced.map((photo) => photo.id), declared: announced }), said.op_id)
  const row: OutboxRow = {
    op_id: said.op_id, staff_id, dwelling_id: said.dwelling_id, label, made_at: said.happened_at, sealed,
    photos: announced, state: 'saved', received_at: '', message: '',
  }
  await db.transaction('rw', db.outbox, db.photos, db.drafts, async () => {
    await db.outbox.add(row)
    await db.photos.bulkAdd(photos)
    await db.drafts.delete(said.dwelling_id)
  })
  return row
}

/**
 * Offer what one person made and the server has not; only the server's own listing makes "received".
 * Goes out under that person's own token, so that a phone handed over never changes who made a visit.
 * Returns how many of theirs still wait.
 */
export function drain(db: PhoneDb, api: Api, staff_id: string): Promise<number> {
  const locks = globalThis.navigator?.locks
  return locks ? locks.request('qiaomen-outbox', () => drainOnce(db, api, staff_id)) : drainOnce(db, api, staff_id)
}

async function drainOnce(db: PhoneDb, api: Api, staff_id: string): Promise<number> {
  const mine = (...states: string[]) => db.outbox.where('state').anyOf(states).and((row) => row.staff_id === staff_id)
  const waiting = await mine('saved', 'queued').sortBy('made_at')
  const offered: ItemState[] = []
  for (let start = 0; start < waiting.length; start += BATCH) {
    const rows = waiting.slice(start, start + BATCH)
    await db.outbox.where('op_id').anyOf(rows.map((row) => row.op_id)).modify({ state: 'queued' }).catch((error) => {
      if (!isFull(error)) throw error // a full phone cannot note that it offers, and hands in all the same
    })
    const answer = await api.send(rows)
    await meetEpoch(db, answer.epoch)
    offered.push(...answer.results)
  }
  for (const result of offered) await sendPhotos(db, api, result) // on a slow line no visit waits for a photo
  const known = await mine('queued', 'problem').toArray()
  if (!known.length) await meetEpoch(db, (await api.list([])).epoch) // nothing waits: still learn of a restore
  for (let start = 0; start < known.length; start += 100) {
    const answer = await api.list(known.slice(start, start + 100).map((row) => row.op_id))
    await meetEpoch(db, answer.epoch)
    for (const item of answer.items) await settle(db, api, item)
  }
  return mine('saved', 'queued').count()
}

async function sendPhotos(db: PhoneDb, api: Api, result: ItemState): Promise<void> {
  for (const id of result.photos_missing ?? []) {
    const photo = await db.photos.get(id)
    if (!photo || photo.refused) continue
    try {
      await sendInPieces(api, id, photo.body)
    } catch (error) {
      if (!(error instanceof Refused) || error.status === 401) throw error // no signal: the next drain tries again
      const differed = (photo.differed ?? 0) + Number(error.code === 'phone.photo-differs')
      if (error.code === 'phone.photo-differs') await db.photos.update(id, { differed }) // it begins anew at the next drain
      // a gateway or a full disk refuses for now, not this photo
      if (error.code !== 'phone.photo-unreadable' && differed < MOST_DIFFERED) continue
      await db.photos.update(id, { refused: true }) // kept, but not offered again and again
      await db.outbox.update(result.op_id, { message: error.message })
    }
  }
}

async function settle(db: PhoneDb, api: Api, item: ItemState): Promise<void> {
  if (item.state === 'stored') {
    await db.outbox.update(item.op_id, { state: 'received', received_at: item.received_at, message: '', needs: item.needs ?? [] })
  } else if (item.state === 'waiting_photos') {
    await sendPhotos(db, api, item)
    const missing = await db.photos.bulkGet(item.photos_missing)
    const hopeless = missing.length > 0 && missing.every((photo) => !photo || photo.refused)
    await db.outbox.update(item.op_id, { state: hopeless ? 'problem' : 'queued' })
    // the photos just sent may be the last ones: ask again at the next drain
  } else {
    await db.outbox.update(item.op_id, { state: 'problem', message: item.message })
  }
}

/** Take back what was just saved; false when it is on its way already. */
export async function takeBack(db: PhoneDb, keys: string[]): Promise<boolean> {
  return db.transaction('rw', db.outbox, db.photos, async () => {
    const found = await db.outbox.bulkGet(keys)
    if (found.some((row) => row?.state !== 'saved')) return false
    await db.outbox.bulkDelete(keys)
    await db.photos.where('op_id').anyOf(keys).delete()
    return true
  })
}

/** A new epoch means a restored server: sealed copies of the last 30 days are offered again, those it had put aside too. */
export async function meetEpoch(db: PhoneDb, epoch: string): Promise<void> {
  const before = await db.read<string>('epoch')
  if (before === epoch) return
  await db.transaction('rw', db.meta, db.outbox, db.photos, async () => {
    await db.write('epoch', epoch)
    if (before) await db.photos.filter((photo) => photo.refused === true).modify({ refused: false, differed: 0 })
    if (before) await db.outbox.where('state').anyOf('received', 'problem').modify({ state: 'queued' })
  })
}

/** Forget received copies older than 30 days, and a pack that has expired. */
export async function tidy(db: PhoneDb, now: number): Promise<void> {
  const limit = new Date(now - KEEP_DAYS * 86400_000).getTime()
  const old = (await db.outbox.where('state').equals('received').toArray()).filter((row) => Date.parse(row.made_at) < limit)
  await db.outbox.bulkDelete(old.map((row) => row.op_id))
  await db.photos.where('op_id').anyOf(old.map((row) => row.op_id)).delete()
  const until = await db.read<string>('pack-until')
  if (until && Date.parse(until) <= now) await db.meta.bulkDelete(['pack', 'pack-until'])
}
