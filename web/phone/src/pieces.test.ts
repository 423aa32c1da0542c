import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeApi, patiently, Refused } from './api'
import { PhoneDb } from './db'
import { Clock } from './clock'
import { drain, putRow } from './outbox'
import { PIECE, sendInPieces } from './pieces'
import { encode, sealPhoto, sha256 } from './seal'
import type { SealKey } from './types'

/**
 * The photo routes of the server (qiaomen/phone/tests/test_photo_pieces.py has the real ones), with a line that can be
 * cut.
 */
class Server {
  arrived = new Map<string, Uint8Array<ArrayBuffer>>()
  stored = new Map<string, Uint8Array<ArrayBuffer>>()
  declared = new Map<string, string>()
  /** Bytes that still get through; then the line is cut, in the middle of a piece or right behind one. */
  budget = Infinity
  loseAnswer = false
  pieces = true
  asked = 0
  sent: number[] = []
  /** Bytes that came though they were here. */
  again = 0
  whole: Uint8Array[] = []

  fetch = async (path: string, options: any): Promise<Response> => {
    const id = path.split('/').pop()!
    const here = this.arrived.get(id) ?? new Uint8Array()
    const fields = (offset: number, complete: boolean) => ({ 'Upload-Offset': String(offset), 'Upload-Complete': complete ? '?1' : '?0' })
    if (options.method === 'HEAD') {
      this.asked++
      if (!this.pieces) return new Response(null) // the login page of a server that knows no pieces
      return new Response(null, { headers: fields(here.length, this.stored.has(id)) })
    }
    const body: Uint8Array = options.body
    if (options.method === 'PUT') { this.whole.push(body); return new Response('{"state": "stored"}') }
    const offset = Number(options.headers['Upload-Offset'])
    this.sent.push(offset)
    this.again += Math.max(0, Math.min(here.length - offset, body.length))
    if (offset !== here.length) return new Response(JSON.stringify({ code: 'phone.photo-other-offset', details: { offset: String(here.length) } }), { status: 409 })
    const through = Math.min(this.budget, body.length)
    this.budget -= through
    const now = new Uint8Array(here.length + through)
    now.set(here)
    now.set(body.subarray(0, through), here.length)
    this.arrived.set(id, now)
    if (through < body.length || this.loseAnswer) { this.loseAnswer = false; throw new TypeError('cut') }
    if (options.headers['Upload-Complete'] === '?1') {
      this.arrived.delete(id)
      if (this.declared.has(id) && await sha256(now) !== this.declared.get(id)) return new Response('{"code": "phone.photo-differs"}', { status: 409 })
      this.stored.set(id, now)
    }
    return new Response(JSON.stringify({ offset: now.length, state: this.stored.has(id) ? 'stored' : 'arriving' }))
  }
}

let server: Server
const api = makeApi(() => 'token', () => 'zh-hans')
const noise = (length: number) => {
  const body = new Uint8Array(length)
  for (let at = 0; at < length; at += 65536) crypto.getRandomValues(body.subarray(at, Math.min(length, at + 65536)))
  return body
}
beforeEach(() => { server = new Server(); vi.stubGlobal('fetch', server.fetch) })
afterEach(() => { vi.useRealTimers() })

test('a photo cut at each of 48 boundaries, and inside each piece, sends no completed piece twice', { timeout: 60_000 }, async () => {
  for (const inside of [0, 1, PIECE - 1, 12345]) {
    const body = noise(48 * PIECE + 777)
    for (let cut = 1; cut <= 48; cut++) {
      // it arrived, its answer did not
      Object.assign(server, inside ? { budget: inside } : { budget: PIECE, loseAnswer: true })
      await expect(sendInPieces(api, `p${inside}`, body)).rejects.toBeInstanceOf(TypeError)
    }
    server.budget = Infinity
    await sendInPieces(api, `p${inside}`, body)
    expect(await sha256(server.stored.get(`p${inside}`)!)).toBe(await sha256(body))
  }
  expect(server.again).toBe(0)
  expect(server.asked).toBe(4 * 49) // it asks first, each time
})

test('after a restore it goes on from what the server says, further back or further on', async () => {
  const body = noise(5 * PIECE)
  server.budget = 3 * PIECE
  await expect(sendInPieces(api, 'p', body)).rejects.toThrow()
  server.arrived.set('p', body.slice(0, PIECE)) // an older backup
  server.budget = Infinity
  server.sent = []
  await sendInPieces(api, 'p', body)
  expect(server.sent.map((offset) => offset / PIECE)).toEqual([1, 2, 3, 4])
  expect(await sha256(server.stored.get('p')!)).toBe(await sha256(body))
  server.sent = []
  await sendInPieces(api, 'p', body)
  expect(server.sent).toEqual([]) // stored: nothing is sent again
})

test('two tabs at once make one photo', async () => {
  const body = noise(6 * PIECE + 5)
  const tell = async () => sendInPieces(api, 'p', body).catch((error) => { if (!(error instanceof Refused)) throw error })
  await Promise.all([tell(), tell(), tell()])
  if (!server.stored.has('p')) await sendInPieces(api, 'p', body)
  expect(await sha256(server.stored.get('p')!)).toBe(await sha256(body))
})

test('a server that knows no pieces gets the photo whole', async () => {
  server.pieces = false
  await sendInPieces(api, 'p', noise(2 * PIECE))
  expect(server.whole.map((one) => one.length)).toEqual([2 * PIECE])
})

test('the envelope declares what travels, and a photo that arrives otherwise begins anew', async () => {
  const curve = { name: 'ECDH', namedCurve: 'P-256' }
  const pair = (await crypto.subtle.generateKey(curve, true, ['deriveBits'])) as CryptoKeyPair
  const key: SealKey = { id: 'k1', public: encode(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))) }
  const db = new PhoneDb('declares')
  const op_id = crypto.randomUUID()
  const body = await sealPhoto(key, noise(3 * PIECE), 'photo-1')
  await db.photos.add({ id: 'photo-1', op_id, body })
  const photos = [{ id: 'photo-1', sha256: await sha256(body), size: body.length }]
  const making = { key, right: 'me', staff_id: 'me', label: new Uint8Array(), state: 'saved' as const, photos, holds: async () => true }
  const row = await putRow(db, new Clock(db), {
    op_id, kind: 'visit', dwelling_id: 'd1', household_id: null, round_id: null, outcome: 'met', note: '', needs: [],
    base_version: 1, corrects: null,
  }, making)
  const kept = (await db.photos.toArray())[0]!
  expect(row.photos).toEqual([{ id: kept.id, sha256: await sha256(kept.body as Uint8Array<ArrayBuffer>), size: kept.body.length }])
  server.declared.set(kept.id, row.photos[0]!.sha256)
  const item = { op_id: row.op_id, state: 'waiting_photos', code: '', message: '', received_at: '', photos_missing: [kept.id] }
  const line = { ...api, send: async () => ({ epoch: 'e', results: [item] }), list: async () => ({ epoch: 'e', items: [{ ...item, state: server.stored.size ? 'stored' : 'waiting_photos' }] }) }
  server.arrived.set(kept.id, new Uint8Array(PIECE)) // other bytes than ours: a disk lost power
  await drain({ db, api: line, right: 'me' })
  expect(server.stored.size + server.arrived.size).toBeLessThan(2)
  await drain({ db, api: line, right: 'me' })
  expect(await sha256(server.stored.get(kept.id)!)).toBe(row.photos[0]!.sha256)
  expect((await db.outbox.toArray())[0]!.state).toBe('received')
})

const after = (ms: number) => new Promise((done) => setTimeout(done, ms))

test('a slow line is waited for, a dead one is not', async () => {
  vi.useFakeTimers()
  const slow = (seconds: number) => { vi.stubGlobal('fetch', async () => { await after(seconds * 1000); return new Response('{"offset": 1, "state": "arriving"}') }) }
  const outcome = async (asked: Promise<unknown>) => {
    const settled = asked.then(() => 'answered', (error) => error.constructor.name)
    await vi.runAllTimersAsync()
    return settled
  }
  slow(PIECE / (23_000 / 8) + 20) // 64 KB at 23 kbit/s are 23 s, and the server takes its time
  expect(await outcome(api.addToPhoto('p', 0, new Uint8Array(PIECE), false))).toBe('answered')
  slow(31)
  expect(await outcome(api.list(['x']))).toBe('TypeError')
  slow(3600)
  expect(await outcome(api.addToPhoto('p', 0, new Uint8Array(PIECE), false))).toBe('TypeError')
  const pieces = (every: number) => vi.stubGlobal('fetch', async () => {
    let n = 0
    return new Response(new ReadableStream({ pull: async (to) => { await after(every * 1000); n++ < 20 ? to.enqueue(new TextEncoder().encode(n === 1 ? '{"doors": [' : n === 20 ? '1]}' : '1,')) : to.close() } }))
  })
  pieces(25) // a list that takes eight minutes and never stands still
  expect(await outcome(api.pack())).toBe('answered')
  pieces(31)
  expect(await outcome(api.pack())).toBe('TypeError')
})

test('a request that is given up is really ended', async () => {
  vi.useFakeTimers()
  let ended = false
  const asked = patiently(0, (signal) => new Promise(() => { signal.addEventListener('abort', () => { ended = true }) })).catch((error) => error)
  await vi.advanceTimersByTimeAsync(30_000)
  expect([await asked instanceof TypeError, ended]).toEqual([true, true])
})
