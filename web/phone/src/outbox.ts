import { Refused, type Api } from './api'
import type { Clock } from './clock'
import type { PhoneDb } from './db'
import { sendInPieces } from './pieces'
import { sealText, wholeCharacters } from './seal'
import { isFull } from './full'
import type { Bytes, Declared, ItemState, OutboxRow, Said, SealKey, State, ToldBack, Unstamped } from './types'

export const KEEP_DAYS = 30
const BATCH = 20
/** A photo that arrives other than it was declared so often is damaged on this phone. */
const MOST_DIFFERED = 3
const DAY_MS = 86400_000
/** Rows that are finished and that the server has not confirmed. */
export const WAITING: State[] = ['saved', 'queued']
/** Requests that a server cannot take for what is in them, whoever sends them and however often. */
const FOR_ITS_CONTENT = [400, 413, 422]

/** What a row is made of: `label`, `draft` come hidden; `photos` are in the table already, under this key. */
export interface Making {
  key: SealKey; right: string; staff_id: string; label: Bytes; state: State; photos?: Declared[]; draft?: Bytes
  /** Whether what was hidden for this row can still be opened here; asked inside its transaction. */
  holds: () => Promise<boolean>
}

/**
 * Seal what is said and write its row. One act has one key: a second call for a row that is finished changes nothing.
 * Returns the row that stands.
 */
export async function putRow(db: PhoneDb, clock: Clock, said: Unstamped<Said>, making: Making): Promise<OutboxRow> {
  const { key, photos = [], holds, ...rest } = making
  const before = await db.outbox.get(said.op_id)
  if (before && before.state !== 'draft') return before
  const { at, ...stamp } = await db.transaction('rw', db.meta, () => clock.stamp())
  const voice = said.kind === 'visit' ? said.voice?.id : undefined
  const pictures = photos.map((photo) => photo.id).filter((id) => id !== voice)
  const whole = { v: 1, ...said, happened_at: at, stamp, photos: pictures, declared: photos }
  const words = JSON.stringify(whole, (_name, value) => (typeof value === 'string' ? wholeCharacters(value) : value))
  const sealed = await sealText(key, words, said.op_id)
  const row: OutboxRow = { op_id: said.op_id, ...rest, made_at: at, sealed, photos, received_at: '' }
  return db.transaction('rw', db.outbox, db.photos, db.meta, async () => {
    const there = await db.outbox.get(said.op_id)
    if (there && there.state !== 'draft') return there
    if (['draft', 'held'].includes(row.state) && !(await holds())) toOffice(row) // handed over in another tab meanwhile
    await db.outbox.put(row)
    if (row.state !== 'draft') await forgetViews(db, row)
    return row
  })
}

/** What was shown of photos goes when their record is finished; those it no longer has go whole. */
async function forgetViews(db: PhoneDb, row: OutboxRow): Promise<void> {
  const kept = new Set(row.photos.map((photo) => photo.id))
  const all = await db.photos.where('op_id').equals(row.op_id).toArray()
  await db.photos.bulkDelete(all.filter((photo) => !kept.has(photo.id)).map((photo) => photo.id))
  for (const photo of all) if (kept.has(photo.id) && photo.view) await db.photos.update(photo.id, { view: undefined })
}

/** Nobody here can finish it or take it back any more: it goes to the office as it is. */
function toOffice(row: OutboxRow): void {
  row.state = 'saved'
  delete row.draft
}

/** What could still be taken back goes out at the next chance; half records only when their phone is given up. */
export async function release(db: PhoneDb, states: State[] = ['held'], keys?: string[]): Promise<void> {
  const rows = db.outbox.where('state').anyOf(states)
  await (keys ? rows.and((row) => keys.includes(row.op_id)) : rows).modify(toOffice)
}

/** Rows for which a whole request was refused: from then on each goes alone. */
const goAlone = new Set<string>()

/**
 * Forget rows that were never let go. Returns the rows that were: a full phone offers without being able to note it, so
 * that any of them may be there, and their taking back has to travel.
 */
export async function forgetUnsent(db: PhoneDb, keys: string[]): Promise<OutboxRow[]> {
  return db.transaction('rw', db.outbox, db.photos, async () => {
    const found = (await db.outbox.bulkGet(keys)).filter((row): row is OutboxRow => !!row && !row.taken_back)
    const here = found.filter((row) => ['draft', 'held'].includes(row.state))
    await db.outbox.bulkDelete(here.map((row) => row.op_id))
    await db.photos.where('op_id').anyOf(here.map((row) => row.op_id)).delete()
    return found.filter((row) => !here.includes(row))
  })
}

/** What handing in needs beside the store: a way to hide the server's answers while the phone is open. */
export interface Handing {
  db: PhoneDb; api: Api; right: string; keepTold?: (told: ToldBack) => Promise<Bytes | undefined>
}

/**
 * Offer what stands under one right and the server has not; only the server's own listing makes "received".
 * Returns how many under it still wait, and the last refusal that held some of them up.
 */
export async function drain(handing: Handing): Promise<{ left: number; refused?: Refused }> {
  const locks = globalThis.navigator?.locks
  const name = `outbox-${handing.db.name}`
  return locks ? locks.request(name, () => drainNow(handing)) : drainNow(handing)
}

async function drainNow(handing: Handing): Promise<{ left: number; refused?: Refused }> {
  const { db, api, right } = handing
  const mine = (...states: State[]) => db.outbox.where('state').anyOf(states).and((row) => row.right === right)
  const waiting = await mine(...WAITING).sortBy('made_at')
  const offered: ItemState[] = []
  let refused: Refused | undefined
  for (const rows of batches(waiting)) {
    const answer = await offer(handing, rows)
    offered.push(...answer.results)
    refused = answer.refused ?? refused
  }
  for (const result of offered) await sendPhotos(handing, result) // on a slow line no visit waits for a photo
  const known = await mine('queued', 'problem').toArray()
  if (!known.length) await meetEpoch(db, (await api.list([])).epoch) // nothing waits: still learn of a restore
  for (let start = 0; start < known.length; start += 100) {
    const answer = await api.list(known.slice(start, start + 100).map((row) => row.op_id))
    await meetEpoch(db, answer.epoch)
    for (const item of answer.items) await settle(handing, item)
  }
  return { left: await mine(...WAITING).count(), refused }
}

function batches(rows: OutboxRow[]): OutboxRow[][] {
  const together = rows.filter((row) => !goAlone.has(row.op_id))
  const made: OutboxRow[][] = []
  for (let start = 0; start < together.length; start += BATCH) made.push(together.slice(start, start + BATCH))
  return [...made, ...rows.filter((row) => goAlone.has(row.op_id)).map((row) => [row])]
}

/** Offer some rows; where one of them spoils the request, each alone: no visit waits for another's fault. */
async function offer(handing: Handing, rows: OutboxRow[]): Promise<{ results: ItemState[]; refused?: Refused }> {
  const { db, api } = handing
  const going = await markQueued(db, rows)
  try {
    const answer = await api.send(going)
    await meetEpoch(db, answer.epoch)
    return { results: answer.results }
  } catch (error) {
    const alone = error instanceof Refused && (error.status === 500 || FOR_ITS_CONTENT.includes(error.status))
    if (!alone) throw error
    if (going.length > 1) return offerEach(handing, going)
    if (going[0]) goAlone.add(going[0].op_id)
    if (going[0] && error.code) await keepAside(handing, going[0], error)
    return { results: [], refused: error }
  }
}

async function offerEach(handing: Handing, rows: OutboxRow[]): Promise<{ results: ItemState[]; refused?: Refused }> {
  const together: { results: ItemState[]; refused?: Refused } = { results: [] }
  for (const row of rows) {
    const answer = await offer(handing, [row])
    together.results.push(...answer.results)
    together.refused = answer.refused ?? together.refused
  }
  return together
}

/** Mark rows as offered before they go; those taken back in the meantime do not go. */
async function markQueued(db: PhoneDb, rows: OutboxRow[]): Promise<OutboxRow[]> {
  const keys = rows.map((row) => row.op_id)
  try {
    return await db.transaction('rw', db.outbox, async () => {
      const found = await db.outbox.bulkGet(keys)
      const there = found.filter((row): row is OutboxRow => !!row && WAITING.includes(row.state))
      await db.outbox.bulkPut(there.map((row) => ({ ...row, state: 'queued' as const })))
      return there
    })
  } catch (error) {
    if (!isFull(error)) throw error // a full phone cannot note that it offers, and hands in all the same
    return (await db.outbox.bulkGet(keys)).filter((row): row is OutboxRow => !!row)
  }
}

/**
 * The server says it cannot take this one as it is: it waits here for another version of either, and goes again then.
 */
async function keepAside(handing: Handing, row: OutboxRow, error: Refused): Promise<void> {
  await tell(handing, row.op_id, { state: 'queued' }, { message: error.message, needs: [] })
}

/** Write what changed of a row, and what the server said of it where the phone is open to hide it. */
async function tell(handing: Handing, op_id: string, change: Partial<OutboxRow>, said?: ToldBack): Promise<void> {
  const told = said && (await handing.keepTold?.(said))
  await handing.db.outbox.update(op_id, { ...change, ...(said ? { told } : {}) })
}

async function sendPhotos(handing: Handing, result: ItemState): Promise<void> {
  const { db, api } = handing
  for (const id of result.photos_missing ?? []) {
    const photo = await db.photos.get(id)
    if (!photo || photo.refused) continue
    try {
      await sendInPieces(api, id, photo.body)
    } catch (error) {
      if (!(error instanceof Refused) || error.status === 401) throw error // no signal: the next drain tries again
      const differed = (photo.differed ?? 0) + Number(error.code === 'phone.photo-differs')
      // it begins anew at the next drain
      if (error.code === 'phone.photo-differs') await db.photos.update(id, { differed })
      // a gateway or a full disk refuses for now, not this photo
      if (error.code !== 'phone.photo-unreadable' && differed < MOST_DIFFERED) continue
      await db.photos.update(id, { refused: true }) // kept, but not offered again and again
      await tell(handing, result.op_id, {}, { message: error.message, needs: [] })
    }
  }
}

async function settle(handing: Handing, item: ItemState): Promise<void> {
  const { db } = handing
  // of a colleague's row the photos are on the colleague's phone, which hands them in itself
  const whole = item.state === 'waiting_photos' && (await db.outbox.get(item.op_id))?.carried
  if (item.state === 'stored' || whole) {
    const change = { state: 'received' as const, received_at: item.received_at }
    // by a row's right the server says nothing of who has a need: the open phone asks for it (handing.learnTold)
    await tell(handing, item.op_id, change, item.needs && { message: '', needs: item.needs })
  } else if (item.state === 'waiting_photos') {
    await sendPhotos(handing, item)
    const missing = await db.photos.bulkGet(item.photos_missing)
    const hopeless = missing.length > 0 && missing.every((photo) => !photo || photo.refused)
    await db.outbox.update(item.op_id, { state: hopeless ? 'problem' : 'queued' })
    // the photos just sent may be the last ones: ask again at the next drain
  } else {
    await tell(handing, item.op_id, { state: 'problem' }, { message: item.message, needs: [] })
  }
}

/** A new epoch means a restored server: sealed copies are offered again, those it had put aside too. */
export async function meetEpoch(db: PhoneDb, epoch: string): Promise<void> {
  const before = await db.read<string>('epoch')
  if (before === epoch) return
  await db.transaction('rw', db.meta, db.outbox, db.photos, async () => {
    await db.write('epoch', epoch)
    if (before) await db.photos.filter((photo) => photo.refused === true).modify({ refused: false, differed: 0 })
    if (before) await db.outbox.where('state').anyOf('received', 'problem').modify({ state: 'queued' })
  })
}

/**
 * Forget sealed copies thirty days after the server had them, by the server's own time: `heard` is what it last said,
 * undefined when nothing was heard since the app was opened. The phone's clock alone makes nothing go.
 */
export async function forgetOld(db: PhoneDb, heard: number | undefined): Promise<void> {
  if (heard === undefined) return
  const limit = heard - KEEP_DAYS * DAY_MS
  const received = await db.outbox.where('state').equals('received').toArray()
  const old = received.filter((row) => Date.parse(row.received_at) < limit).map((row) => row.op_id)
  if (!old.length) return
  await db.transaction('rw', db.outbox, db.photos, async () => {
    await db.outbox.bulkDelete(old)
    await db.photos.where('op_id').anyOf(old).delete()
  })
}

/** Photos of a record that was never written down, or was finished without them: the app died in between. */
export async function dropStrayPhotos(db: PhoneDb): Promise<void> {
  await db.transaction('rw', db.outbox, db.photos, async () => {
    const announced = new Set((await db.outbox.toArray()).flatMap((row) => row.photos.map((photo) => photo.id)))
    const stray = (await db.photos.toCollection().primaryKeys()).filter((id) => !announced.has(id))
    await db.photos.bulkDelete(stray)
  })
}
