import 'fake-indexeddb/auto'
import { readFileSync, readdirSync } from 'node:fs'
import { beforeEach, describe, expect, test } from 'vitest'
import { Refused, type Api } from './api'
import { PhoneDb } from './db'
import { Clock } from './clock'
import { drain as drainAll, forgetOld, forgetUnsent, meetEpoch, putRow, release, type Handing } from './outbox'
import { decode, encode, sealPhoto, sealText, sha256 } from './seal'
import type { ItemState, OutboxRow, SealKey, State, ToldBack, VisitSaid } from './types'
import { EN } from './words'

const curve = { name: 'ECDH', namedCurve: 'P-256' }
let pair: CryptoKeyPair
let key: SealKey
let db: PhoneDb
let number = 0

async function open(sealed: { epk: Uint8Array<ArrayBuffer>; iv: Uint8Array<ArrayBuffer>; ct: Uint8Array<ArrayBuffer> }, aad: string): Promise<Uint8Array> {
  const there = await crypto.subtle.importKey('raw', sealed.epk, curve, false, [])
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: there }, pair.privateKey, 256)
  const base = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey'])
  const info = new TextEncoder().encode('qiaomen-outbox-v1')
  const aes = await crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info }, base, { name: 'AES-GCM', length: 256 }, false, ['decrypt'])
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: sealed.iv, additionalData: new TextEncoder().encode(aad) }, aes, sealed.ct))
}

function visit(changes: Partial<VisitSaid> = {}) {
  const op_id = crypto.randomUUID()
  return {
    op_id, kind: 'visit' as const, dwelling_id: 'd1', household_id: null, round_id: null, outcome: 'met', note: '', needs: [],
    base_version: 1, corrects: null, ...changes,
  }
}

/** Save as the core does, for one right. */
async function save(said: ReturnType<typeof visit>, pictures: Uint8Array<ArrayBuffer>[] = [], right = 'me', state: State = 'saved') {
  const photos = []
  for (const picture of pictures) {
    const id = crypto.randomUUID()
    const body = await sealPhoto(key, picture, id)
    await db.photos.add({ id, op_id: said.op_id, body, view: new Uint8Array([9]) })
    photos.push({ id, sha256: await sha256(body), size: body.length })
  }
  const making = { key, right, staff_id: right, label: new Uint8Array([1]), state, photos, holds: async () => true }
  return putRow(db, new Clock(db), said, making)
}
const keepTold = async (told: ToldBack) => new TextEncoder().encode(JSON.stringify(told))
const drain = async (_db: PhoneDb, api: Api, right: string) => (await drainAll({ db, api, right, keepTold } satisfies Handing)).left
const told = (row: OutboxRow) => JSON.parse(new TextDecoder().decode(row.told)) as ToldBack

/** A server that can lose the answer, wait for photos, put aside, and be restored. */
class Server implements Api {
  kept = new Map<string, ItemState>()
  photos = new Map<string, Uint8Array>()
  epoch = 'one'
  down = false
  answerLost = false
  listingLost = false
  aside = false
  sendings = 0
  async enrol(): Promise<never> { throw new Error('not here') }
  async pack(): Promise<never> { throw new Error('not here') }
  async leave(): Promise<void> {}
  async send(rows: OutboxRow[]) {
    if (this.down) throw new TypeError('offline')
    this.sendings++
    const results = rows.map((row) => {
      const photos_missing = row.photos.map((photo) => photo.id).filter((id) => !this.photos.has(id))
      const state = this.aside ? 'quarantined' : photos_missing.length ? 'waiting_photos' : 'stored'
      const item = { op_id: row.op_id, state, code: '', message: this.aside ? '待核' : '', received_at: '2026-11-24T10:41:00+08:00', photos_missing }
      this.kept.set(row.op_id, item)
      return item
    })
    if (this.answerLost) throw new TypeError('answer lost')
    return { epoch: this.epoch, results }
  }
  async list(keys: string[]) {
    if (this.down || this.listingLost) throw new TypeError('offline')
    const items = keys.flatMap((id) => this.kept.get(id) ?? []).map((item) => {
      const missing = item.photos_missing.filter((id) => !this.photos.has(id))
      return { ...item, photos_missing: missing, state: item.state === 'waiting_photos' && !missing.length ? 'stored' : item.state }
    })
    return { epoch: this.epoch, items }
  }
  async photoOffset(id: string) {
    if (this.down) throw new TypeError('offline')
    return { offset: 0, complete: this.photos.has(id) }
  }
  async addToPhoto(id: string, _offset: number, piece: Uint8Array) {
    if (this.down) throw new TypeError('offline')
    this.photos.set(id, piece) // these are small: one piece each; pieces.test.ts has large ones
    return { offset: piece.length, complete: true }
  }
  async sendPhoto(): Promise<never> { throw new Error('not whole') }
}

async function states(): Promise<string[]> {
  return (await db.outbox.orderBy('made_at').toArray()).map((row) => row.state)
}

beforeEach(async () => {
  pair ??= (await crypto.subtle.generateKey(curve, true, ['deriveBits'])) as CryptoKeyPair
  key = { id: 'k1', public: encode(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))) }
  db = new PhoneDb(`test-${number++}`)
})

describe('sealing', () => {
  test('opens with the private key under its id only', async () => {
    const sealed = await sealText(key, '见面，水管漏水', 'op-1')
    const raw = { epk: decode(sealed.epk), iv: decode(sealed.iv), ct: decode(sealed.ct) }
    expect(new TextDecoder().decode(await open(raw, 'op-1'))).toBe('见面，水管漏水')
    await expect(open(raw, 'op-2')).rejects.toThrow()
    expect(raw.epk.length).toBe(65)
  })

  test('the published example opens on this side too', async () => {
    const vector = JSON.parse(readFileSync(new URL('../../../contract/vectors/envelope.json', import.meta.url), 'utf8'))
    const point = decode(vector.public)
    const jwk = { kty: 'EC', crv: 'P-256', d: vector.private, x: encode(point.slice(1, 33)), y: encode(point.slice(33)) }
    const there = pair
    pair = { privateKey: await crypto.subtle.importKey('jwk', jwk, curve, false, ['deriveBits']), publicKey: pair.publicKey }
    const raw = { epk: decode(vector.item.epk), iv: decode(vector.item.iv), ct: decode(vector.item.ct) }
    expect(JSON.parse(new TextDecoder().decode(await open(raw, vector.item.op_id)))).toEqual(vector.opened)
    pair = there
  })

  test('nothing plain stays once a visit is finished', async () => {
    const needs = [{ id: crypto.randomUUID(), kind: 'repair', words: '水管漏水', handling: 'office' }]
    await save(visit({ needs }), [new Uint8Array([1])])
    expect(JSON.stringify([await db.outbox.toArray(), await db.photos.toArray()])).not.toContain('水管')
    expect((await db.photos.toArray()).map((photo) => photo.view)).toEqual([undefined]) // the small view went
  })

  test('half a character is replaced before it is sealed: no database keeps one', async () => {
    const row = await save(visit({ note: '好\ud83d' }))
    const raw = { epk: decode(row.sealed.epk), iv: decode(row.sealed.iv), ct: decode(row.sealed.ct) }
    expect(JSON.parse(new TextDecoder().decode(await open(raw, row.op_id))).note).toBe('好\ufffd')
  })

  test('a key of another suite is refused in words and not sealed to', async () => {
    await expect(sealText({ ...key, alg: 'X25519-AEGIS' }, 'x', 'op')).rejects.toThrow('suite')
  })
})

describe('the outbox', () => {
  test('only the listing makes received', async () => {
    const server = new Server()
    await save(visit())
    expect(await states()).toEqual(['saved'])
    server.listingLost = true
    await expect(drain(db, server, 'me')).rejects.toThrow()
    expect(await states()).toEqual(['queued'])
    server.listingLost = false
    expect(await drain(db, server, 'me')).toBe(0)
    expect(await states()).toEqual(['received'])
  })

  test('killed at any moment and opened again, each visit arrives once', async () => {
    const server = new Server()
    for (let n = 0; n < 25; n++) await save(visit())
    server.answerLost = true
    await expect(drain(db, server, 'me')).rejects.toThrow()
    const name = db.name
    db.close()
    db = new PhoneDb(name)
    server.answerLost = false
    expect(await drain(db, server, 'me')).toBe(0)
    expect(server.kept.size).toBe(25)
    expect(new Set(await states())).toEqual(new Set(['received']))
    const before = server.sendings
    await drain(db, server, 'me')
    expect(server.sendings).toBe(before)
  })

  test('offline changes nothing and raises no alarm state', async () => {
    const server = new Server()
    server.down = true
    await save(visit())
    await expect(drain(db, server, 'me')).rejects.toThrow()
    expect(await db.outbox.count()).toBe(1)
  })

  test('waits for its photos', async () => {
    const server = new Server()
    await save(visit(), [new Uint8Array([1, 2, 3]), new Uint8Array([4])])
    await drain(db, server, 'me')
    await drain(db, server, 'me')
    expect(server.photos.size).toBe(2)
    expect(await states()).toEqual(['received'])
    const [id, body] = [...server.photos][0]!
    const raw = { epk: body.slice(0, 65), iv: body.slice(65, 77), ct: body.slice(77) } as any
    expect((await open(raw, id)).length).toBeGreaterThan(0)
  })

  test('a refused photo is said once and not offered for ever', async () => {
    const server = new Server()
    let offers = 0
    server.addToPhoto = async () => { offers++; throw new Refused(400, 'phone.photo-unreadable', '只缺这张照片') }
    await save(visit(), [new Uint8Array([1])])
    for (let n = 0; n < 4; n++) await drain(db, server, 'me')
    expect(offers).toBe(1)
    const [row] = await db.outbox.toArray()
    expect([row!.state, told(row!).message]).toEqual(['problem', '只缺这张照片'])
  })

  test('a photo that arrives otherwise than declared begins anew, and is given up after three times', async () => {
    const server = new Server()
    let offers = 0
    server.addToPhoto = async () => { offers++; throw new Refused(409, 'phone.photo-differs', '从头再传') }
    await save(visit(), [new Uint8Array([1])])
    await drain(db, server, 'me').catch(() => undefined)
    expect([offers > 0, (await states())[0]]).toEqual([true, 'queued'])
    for (let n = 0; n < 5; n++) await drain(db, server, 'me')
    expect(offers).toBe(3)
    const [row] = await db.outbox.toArray()
    expect([row!.state, told(row!).message]).toEqual(['problem', '从头再传'])
  })

  test('every visit is offered before the first photo', async () => {
    const server = new Server()
    const order: string[] = []
    const [send, addToPhoto] = [server.send.bind(server), server.addToPhoto.bind(server)]
    server.send = async (rows) => { order.push(`${rows.length} visits`); return send(rows) }
    server.addToPhoto = async (...given) => { order.push('photo'); return addToPhoto(...given) }
    for (let n = 0; n < 25; n++) await save(visit(), n ? [] : [new Uint8Array([1])])
    await drain(db, server, 'me')
    expect(order).toEqual(['20 visits', '5 visits', 'photo'])
  })

  test('what is put aside is said and later taken in', async () => {
    const server = new Server()
    server.aside = true
    await save(visit())
    await drain(db, server, 'me')
    const [row] = await db.outbox.toArray()
    expect([row!.state, told(row!).message]).toEqual(['problem', '待核'])
    for (const item of server.kept.values()) item.state = 'stored'
    await drain(db, server, 'me')
    expect(await states()).toEqual(['received'])
  })

  test('a refused login keeps everything', async () => {
    const server = new Server()
    server.send = async () => { throw new Refused(401, 'phone.not-signed-in', '') }
    await save(visit())
    await expect(drain(db, server, 'me')).rejects.toBeInstanceOf(Refused)
    expect(await db.outbox.count()).toBe(1)
  })

  test('after a restore everything of the last 30 days is offered again', async () => {
    const server = new Server()
    await meetEpoch(db, 'one')
    await save(visit())
    await drain(db, server, 'me')
    server.kept.clear()
    server.epoch = 'two'
    await save(visit())
    await drain(db, server, 'me')
    await drain(db, server, 'me')
    expect(server.kept.size).toBe(2)
    expect(await states()).toEqual(['received', 'received'])
  })

  test('a phone handed over does not change who made a visit', async () => {
    const [hers, his] = [new Server(), new Server()]
    await save(visit(), [], 'her')
    expect(await drain(db, his, 'him')).toBe(0)
    expect(his.kept.size).toBe(0)
    expect(await drain(db, hers, 'her')).toBe(0)
    expect(hers.kept.size).toBe(1)
  })

  test('with nothing waiting a restore is still noticed', async () => {
    const server = new Server()
    await meetEpoch(db, 'one')
    await save(visit())
    await drain(db, server, 'me')
    server.kept.clear()
    server.epoch = 'two'
    await drain(db, server, 'me')
    await drain(db, server, 'me')
    expect(server.kept.size).toBe(1)
  })

  test('what was not let go is forgotten; what may have gone out has to be taken back by an act', async () => {
    const server = new Server()
    const held = await save(visit(), [new Uint8Array([1])], 'me', 'held')
    await drain(db, server, 'me')
    expect(server.kept.size).toBe(0) // another window, or an upload under way, does not take it along
    expect(await forgetUnsent(db, [held.op_id])).toEqual([])
    expect(await db.outbox.count() + await db.photos.count()).toBe(0)
    const sent = await save(visit())
    await drain(db, server, 'me')
    expect((await forgetUnsent(db, [sent.op_id])).map((row) => row.op_id)).toEqual([sent.op_id])
    expect(await db.outbox.count()).toBe(1)
  })

  test('one act has one row, however often it is saved and at what moment', async () => {
    const said = visit()
    const rows = await Promise.all([save(said), save(said), save({ ...said, outcome: 'no_answer' })])
    expect(await db.outbox.count()).toBe(1)
    expect(new Set(rows.map((row) => row.sealed.ct)).size).toBe(1)
  })

  test('one that spoils its request goes alone from then on, and the others arrive', async () => {
    const server = new Server()
    const bad = await save(visit())
    for (let n = 0; n < 5; n++) await save(visit())
    const send = server.send.bind(server)
    server.send = async (rows) => {
      if (rows.some((row) => row.op_id === bad.op_id)) throw new Refused(500, '', '')
      return send(rows)
    }
    const { refused } = await drainAll({ db, api: server, right: 'me', keepTold })
    expect([server.kept.size, refused?.status]).toEqual([5, 500])
    const before = server.sendings
    await save(visit())
    await drain(db, server, 'me')
    expect([server.kept.size, server.sendings]).toEqual([6, before + 1]) // no longer by trial
    expect((await db.outbox.get(bad.op_id))!.state).toBe('queued') // kept, and offered again
  })

  test('a sealed copy is offered again up to thirty days of the server after it was received, with its photo', async () => {
    const server = new Server()
    await meetEpoch(db, 'one')
    await save(visit(), [new Uint8Array([1, 2])])
    for (let n = 0; n < 3; n++) await drain(db, server, 'me')
    const received = Date.parse('2026-11-24T10:41:00+08:00')
    await forgetOld(db, undefined) // nothing was heard: this phone's own clock makes nothing go
    await forgetOld(db, received + 29 * 86400_000)
    server.kept.clear()
    server.photos.clear()
    server.epoch = 'two'
    for (let n = 0; n < 4; n++) await drain(db, server, 'me')
    expect([server.kept.size, server.photos.size, await states()]).toEqual([1, 1, ['received']])
    await forgetOld(db, received + 31 * 86400_000)
    expect(await db.outbox.count() + await db.photos.count()).toBe(0)
  })

  test('half records and held rows stay; let go, they are offered', async () => {
    const server = new Server()
    for (const state of ['draft', 'held'] as const) await save(visit(), [], 'me', state)
    await drain(db, server, 'me')
    expect(server.kept.size).toBe(0)
    await release(db)
    await drain(db, server, 'me')
    expect(server.kept.size).toBe(1)
    await release(db, ['draft'])
    await drain(db, server, 'me')
    expect(server.kept.size).toBe(2)
  })
})

test('every Chinese sentence of the app has its English', () => {
  const folder = new URL('.', import.meta.url)
  const files = [...readdirSync(folder), ...['screens', 'parts'].flatMap((room) => readdirSync(new URL(`${room}/`, folder)).map((name) => `${room}/${name}`))]
  const missing = files.filter((name) => /\.(vue|ts)$/.test(name) && !/words|test/.test(name)).flatMap((name) =>
    [...readFileSync(new URL(name, folder), 'utf8').matchAll(/\bt\('([^']+)'/g)].map((match) => match[1]!).filter((zh) => !(zh in EN)))
  expect(missing).toEqual([])
  const everything = files.filter((name) => !/words|test/.test(name) && name.includes('.')).map((name) => readFileSync(new URL(name, folder), 'utf8')).join('')
  expect(Object.keys(EN).filter((zh) => !everything.includes(`'${zh}'`))).toEqual([]) // none left over
})
