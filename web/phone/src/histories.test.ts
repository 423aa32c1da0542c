import 'fake-indexeddb/auto'
import { expect, test, vi } from 'vitest'
import { makeApi } from './api'
import { PhoneDb } from './db'
import { drain, saveVisit, tidy } from './outbox'
import type { ItemState, SealKey } from './types'

/**
 * A3: what phones and server live through in some days, invented from a seed: sent twice, late, backwards, half, after the
 * household is gone, with the clock off, killed, handed over, behind a captive portal, after a restore. The outbox, the API
 * and the database of the app are the shipped ones; only sealing (outbox.test.ts, the contract's vector) is left out here.
 */
vi.mock('./seal', async (real) => ({
  ...(await real<typeof import('./seal')>()),
  sealText: async (key: SealKey, text: string) => ({ key_id: key.id, epk: '', iv: '', ct: text }),
  sealPhoto: async (_key: SealKey, content: Uint8Array) => content,
  sha256: async () => '',
}))

const LONG = process.env.QM_PROVE === '1'
const SEED = Number(process.env.QM_SEED ?? (LONG ? Date.now() % 2 ** 31 : 20261125))
const HISTORIES = Number(process.env.QM_HISTORIES ?? (LONG ? 100_000 : 1000))
const [SHARD, SHARDS] = (process.env.QM_SHARD ?? '0/1').split('/').map(Number) as [number, number]
const STEPS = 24
const DAY = 86400_000
const KEY = { id: 'k1', public: '' }

/** A small seeded generator (mulberry32). */
function dice(seed: number) {
  let a = seed >>> 0
  const next = () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return { next, below: (n: number) => Math.floor(next() * n), one: <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)]! }
}

interface Item { body: string; state: string; missing: Set<string>; doublets: number }
class Lost extends TypeError {}

/** The server's rules (qiaomen/phone/inbox.py, proved there on the real database), with faults on the line. */
class World {
  items = new Map<string, Item>()
  epoch = 1
  backup: Map<string, Item> | null = null
  restored = false
  gone = new Set<string>() // dwellings taken off the register
  revoked = new Set<string>()
  late: (() => void)[] = [] // requests that are still under way when the phone has long given up
  fault = ''
  now = Date.parse('2026-11-25T09:00:00+08:00')
  constructor(public random: ReturnType<typeof dice>) {}

  take(token: string, given: any): ItemState {
    const said = JSON.parse(given.ct)
    const known = this.items.get(given.op_id)
    if (known && known.state !== 'quarantined') {
      if (known.body !== given.ct) known.doublets++
      return this.state(given.op_id)
    }
    const aside = this.revoked.has(token) || this.gone.has(said.dwelling_id) || Date.parse(said.happened_at) > this.now + 600_000
    this.items.set(given.op_id, { body: given.ct, state: aside ? 'quarantined' : 'taken', missing: new Set(said.photos), doublets: 0 })
    return this.state(given.op_id)
  }
  state(op_id: string): ItemState {
    const item = this.items.get(op_id)!
    const state = item.state === 'taken' ? (item.missing.size ? 'waiting_photos' : 'stored') : item.state
    return { op_id, state, code: '', message: state === 'quarantined' ? '待核' : '', received_at: new Date(this.now).toISOString(), photos_missing: state === 'waiting_photos' ? [...item.missing] : [] }
  }
  answer(method: string, path: string, token: string, body: any): any {
    if (method === 'HEAD') return { offset: 0, complete: !this.owner(path)?.missing.has(path.split('/').pop()!) }
    const epoch = `e${this.epoch}`
    if (method === 'POST') return { epoch, results: JSON.parse(body).items.map((given: any) => this.take(token, given)) }
    if (method === 'PATCH') {
      const item = this.owner(path)
      item?.missing.delete(path.split('/').pop()!)
      return item ? { offset: body.length, state: 'stored' } : null
    }
    const keys = [...path.matchAll(/op_id=([^&]+)/g)].map((found) => found[1]!)
    return { epoch, items: keys.filter((key) => this.items.has(key)).map((key) => this.state(key)) }
  }
  owner(path: string): Item | undefined {
    const photo = path.split('/').pop()!
    return [...this.items.values()].find((one) => one.state === 'taken' && JSON.parse(one.body).photos.includes(photo))
  }
  restore(): void {
    if (!this.backup || this.fault === 'none') return
    this.items = structuredClone(this.backup)
    this.epoch++
    this.restored = true
  }
  fetch = async (path: string, options: any): Promise<Response> => {
    const reply = (status: number, text: string, fields = {}) => new Response(options.method === 'HEAD' ? null : text, { status, headers: fields })
    const token = String(options.headers.Authorization).slice(7)
    const ask = () => this.answer(options.method, path, token, options.body)
    const fault = this.fault || (this.random.next() < 0.35 ? this.random.one(['request', 'reply', 'twice', 'late', 'half', 'portal', 'cut', '502', '502 after', '500']) : '')
    if (fault === 'down' || fault === 'request') throw new Lost('no signal')
    if (fault === 'late') { this.late.push(ask); throw new Lost('given up') }
    if (fault === 'portal') return reply(200, '<html>请登录 Wi-Fi</html>')
    if (fault === '502' || fault === '500') return reply(Number(fault), '<h1>Bad Gateway</h1>')
    if (fault === 'half' && options.method === 'POST') {
      const items = JSON.parse(options.body).items
      this.answer('POST', path, token, JSON.stringify({ items: items.slice(0, this.random.below(items.length)) }))
      throw new Lost('the server stopped')
    }
    if (this.random.next() < 0.01) this.restore()
    const given = ask()
    if (given === null) return reply(400, '{"code": "phone.photo-unreadable", "title": "照片没有收下"}')
    const said = JSON.stringify(given)
    if (options.method === 'HEAD' && fault !== 'reply' && fault !== '502 after') return reply(200, '', { 'Upload-Offset': String(given.offset), 'Upload-Complete': given.complete ? '?1' : '?0' })
    if (fault === 'twice') ask()
    if (fault === 'reply') throw new Lost('answer lost')
    if (fault === 'cut') return reply(200, said.slice(0, said.length / 2))
    if (fault === '502 after') return reply(502, '<h1>Bad Gateway</h1>')
    return reply(200, said)
  }
}

test('a reply that is no answer changes nothing on the phone', async () => {
  const api = makeApi(() => 'token', () => 'zh-hans')
  for (const text of ['<html>请登录 Wi-Fi</html>', '{"epoch": "e1", "it', '', 'null', '3']) {
    vi.stubGlobal('fetch', async () => new Response(text, { status: 200 }))
    for (const ask of [() => api.pack(), () => api.enrol('a', 'b'), () => api.list(['x']), () => api.leave()]) await expect(ask()).rejects.toBeInstanceOf(TypeError)
  }
})

test('a visit that does not fit on a full phone leaves its draft where it was', async () => {
  const db = new PhoneDb('full')
  await db.drafts.put({ dwelling_id: 'd1', step: 'words', kind: 'repair', words: '水管漏水', photos: [] } as any)
  const said = {
    v: 1, op_id: 'v1', kind: 'visit', dwelling_id: 'd1', household_id: null, round_id: null, outcome: 'met', happened_at: '2026-11-25T09:00:00+08:00',
    note: '', needs: [], base_version: 1, corrects: null, photos: [],
  } as const
  db.photos.hook('creating', () => { throw new DOMException('full', 'QuotaExceededError') })
  await expect(saveVisit(db, KEY, { ...said, photos: [] }, '3-2-501', [new Uint8Array([1])], 'me')).rejects.toThrow()
  expect([await db.outbox.count(), await db.photos.count(), await db.drafts.count()]).toEqual([0, 0, 1])
})

interface Handset { db: PhoneDb; name: string; people: string[]; clock: number; online: boolean }

async function live(seed: number): Promise<{ visits: number; problem: string; steps: string[] }> {
  const random = dice(seed)
  const world = new World(random)
  vi.stubGlobal('fetch', world.fetch)
  const steps: string[] = []
  const made = new Map<string, string>()
  const handsets: Handset[] = [0, 1].map((n) => ({
    db: new PhoneDb(`${seed}-${n}`), name: `${seed}-${n}`, people: n ? ['姚', '郭'] : ['方'], online: true,
    clock: random.one([0, 0, 0, -26 * 3600_000, 26 * 3600_000, -56 * 365 * DAY, 5 * 60_000]),
  }))
  let number = 0
  let problem = ''
  const wrong = (what: string) => { problem ||= what }
  const hand = async (phone: Handset, person: string) => {
    const before = await phone.db.outbox.count()
    await drain(phone.db, makeApi(() => `${phone.name}/${person}`, () => 'zh-hans'), person).catch((error) => {
      if (!(error instanceof TypeError) && !('status' in Object(error))) throw error
    })
    if ((await phone.db.outbox.count()) !== before) wrong('draining changed how many visits the phone holds')
  }
  const check = async (phone: Handset) => {
    const epoch = await phone.db.read('epoch')
    if (epoch !== undefined && !/^e\d+$/.test(String(epoch))) wrong(`the phone took ${String(epoch)} for the server's epoch`)
    if ((await phone.db.meta.get('epoch')) && epoch === undefined) wrong('the phone forgot the epoch')
    // "received" is believed only of what this server, or the one before its restore, really had
    if (world.restored) return
    for (const row of await phone.db.outbox.where('state').equals('received').toArray()) {
      if (!world.items.has(row.op_id)) wrong(`${row.op_id} is called received and the server has not got it`)
    }
  }
  const act: Record<string, (phone: Handset) => Promise<void>> = {
    visit: async (phone) => {
      const op_id = `v${number++}`
      const happened_at = new Date(world.now + phone.clock).toISOString()
      const pictures = random.next() < 0.15 ? [new Uint8Array([1, 2, 3])] : []
      await saveVisit(phone.db, KEY, {
        v: 1, op_id, kind: 'visit', dwelling_id: `d${random.below(6)}`, household_id: null, round_id: null, outcome: 'met', happened_at,
        note: `${seed} ${op_id}`, needs: [], base_version: 1, corrects: null, photos: [],
      }, '3-2-501', pictures, random.one(phone.people))
      made.set(op_id, `${seed} ${op_id}`)
    },
    drain: async (phone) => { for (const person of phone.people) await hand(phone, person) },
    together: async (phone) => { await Promise.all(phone.people.concat(phone.people).map((person) => hand(phone, person))) }, // two tabs
    kill: async (phone) => { phone.db.close(); phone.db = new PhoneDb(phone.name) },
    offline: async () => { world.fault = world.fault ? '' : 'down' },
    arrive: async () => { for (const one of world.late.sort(() => random.next() - 0.5).splice(0)) one() }, // late, and backwards
    delete: async () => { world.gone.add(`d${random.below(6)}`) },
    revoke: async (phone) => { world.revoked.add(`${phone.name}/${random.one(phone.people)}`) },
    later: async (phone) => { world.now += random.below(3 * DAY); await tidy(phone.db, world.now + phone.clock) },
    backup: async () => { world.backup = structuredClone(world.items) },
    restore: async () => world.restore(),
    takeIn: async () => { for (const item of world.items.values()) if (item.state === 'quarantined' && random.next() < 0.5) item.state = 'taken' },
  }
  const names = ['visit', 'visit', 'visit', 'visit', 'drain', 'drain', 'drain', 'drain', 'together', 'kill', 'offline', 'arrive', 'arrive', 'delete', 'revoke', 'later', 'backup', 'restore', 'takeIn'] as const
  for (let step = 0; step < STEPS && !problem; step++) {
    const what = step < 2 ? 'visit' : random.one(names)
    const phone = random.one(handsets)
    steps.push(`${what}@${phone.name}`)
    await act[what]!(phone)
    await check(phone)
  }
  // the line is good again and everybody signs in: everything must be there
  world.fault = 'none'
  for (const one of world.late.splice(0)) one()
  for (let round = 0; round < 3; round++) for (const phone of handsets) for (const person of phone.people) await hand(phone, person)
  for (const [op_id, note] of made) {
    const item = world.items.get(op_id)
    if (!item) wrong(`${op_id} is lost`)
    else if (item.state === 'taken' && item.missing.size) wrong(`a photo of ${op_id} never arrived`)
    else if (JSON.parse(item.body).note !== note || item.doublets) wrong(`${op_id} was altered`)
  }
  for (const phone of handsets) {
    for (const row of await phone.db.outbox.toArray()) {
      const item = world.items.get(row.op_id)
      const there = item?.state === 'taken' && !item.missing.size ? 'received' : 'problem'
      if (item && row.state !== there) wrong(`${row.op_id} is ${row.state} on the phone and ${there} at the server`)
    }
    phone.db.close()
    indexedDB.deleteDatabase(phone.name)
  }
  return { visits: made.size, problem, steps }
}

test(`A3: ${HISTORIES} histories lose and double nothing`, { timeout: 24 * 3600_000 }, async () => {
  const began = performance.now()
  let visits = 0
  let lives = 0
  for (let number = SHARD; number < HISTORIES; number += SHARDS) {
    const seed = (SEED + number) >>> 0
    const lived = await live(seed)
    visits += lived.visits
    lives++
    if (lived.problem) throw new Error(`QM_SEED=${seed} QM_HISTORIES=1: ${lived.problem}\n${lived.steps.join('\n')}`)
  }
  const seconds = (performance.now() - began) / 1000
  console.log(`\n  A3 histories on the shipped outbox: ${lives} · steps ${STEPS} · visits ${visits} · lost 0 · doubled 0 · ${(lives / seconds).toFixed(0)}/s · seed ${SEED}`)
})

test('the same seed lives the same history', { timeout: 120_000 }, async () => {
  const seeds = Array.from({ length: 20 }, (_, n) => SEED + n)
  const [once, again] = [[] as unknown[], [] as unknown[]]
  for (const seed of seeds) once.push(await live(seed))
  for (const seed of seeds) again.push(await live(seed))
  expect(again).toEqual(once)
})
