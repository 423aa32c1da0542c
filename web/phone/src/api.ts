import { localIso } from './clock'
import type { Enrolled, ItemState, OutboxRow, Pack } from './types'

/** A refusal by the server, in its own words. */
export class Refused extends Error {
  /** Seconds to wait, where it says so. */
  after_s?: number

  constructor(
    public status: number, public code: string, message: string, public details: Record<string, string> = {},
  ) {
    super(message)
  }
}

export interface PhotoPlace { offset: number; complete: boolean }

export interface Api {
  enrol(login_name: string, password: string): Promise<Enrolled>
  pack(): Promise<Pack>
  send(rows: OutboxRow[]): Promise<{ epoch: string; results: ItemState[] }>
  list(keys: string[]): Promise<{ epoch: string; items: ItemState[] }>
  /** How many bytes of a photo the server has; null: a server from before pieces. */
  photoOffset(id: string): Promise<PhotoPlace | null>
  addToPhoto(id: string, offset: number, piece: Uint8Array, last: boolean): Promise<PhotoPlace>
  sendPhoto(id: string, body: Uint8Array): Promise<void>
  /** Put one's own photo on one's badge; null: take it off. */
  badgePhoto(picture: Uint8Array | null): Promise<void>
  /** One number of the call list: a look in the ledger. */
  number(household: string): Promise<{ name: string; number: string }>
  leave(): Promise<void>
}

const SILENCE_MS = 30_000
const MS_PER_BYTE = 1
/**
 * Wait as long as something moves: 30 s of silence end a request, and what is sent adds its own time, as fetch does not
 * tell how far it is. A byte a millisecond is 8 kbit/s; the slowest line promised has 23.
 */
type Patient<T> = (signal: AbortSignal, progress: () => void) => Promise<T>
export async function patiently<T>(bytes: number, work: Patient<T>): Promise<T> {
  const stop = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const given = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(new TypeError('no answer in time')))
  })
  const wait = (ms: number) => { clearTimeout(timer); timer = setTimeout(() => stop.abort(), ms) }
  wait(SILENCE_MS + bytes * MS_PER_BYTE)
  try {
    return await Promise.race([work(stop.signal, () => wait(SILENCE_MS)), given])
  } finally {
    clearTimeout(timer)
  }
}

function bytesOf(body?: BodyInit): number {
  return typeof body === 'string' ? body.length : body instanceof Uint8Array ? body.length : 0
}

/** Read an answer piece by piece: each one is progress. */
async function readText(answer: Response, progress: () => void): Promise<string> {
  const reader = answer.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
    progress()
    text += decoder.decode(piece.value, { stream: true })
  }
  return text + decoder.decode()
}

interface Answered {
  in_service?: boolean; code?: string; title?: string; what?: string; safe?: string; do_next?: string
  details?: Record<string, string>
}

function parse(text: string): Answered | null {
  try {
    return JSON.parse(text) as Answered | null
  } catch {
    return null
  }
}

function refusal(answer: Response, said: Answered | null): Refused {
  const words = [said?.title, said?.what, said?.safe, said?.do_next].filter(Boolean).join(' ')
  const refused = new Refused(answer.status, said?.code ?? '', words, said?.details)
  const after = Number(answer.headers.get('Retry-After'))
  if (after > 0) refused.after_s = after
  return refused
}

/** What a request carries beside its token. */
interface More { body?: BodyInit; type?: string; fields?: Record<string, string> }
export interface Hearing {
  /** Called with the server's time, in ms, at each answer that tells it. */
  heard?: (server_ms: number) => void
  /** Called when the server says that this phone or its person is out of service. */
  outOfService?: () => void
}

/** The time the server judges by, in ms; NaN when it does not say. A proxy may write a Date of its own. */
function serverTime(answer: Response): number {
  return Date.parse(answer.headers.get('Qiaomen-Time') ?? answer.headers.get('Date') ?? '')
}

export function makeApi(token: () => string | undefined, language: () => string, hearing: Hearing = {}): Api {
  type Read<T> = (answer: Response, progress: () => void) => Promise<T>
  async function ask<T>(method: string, path: string, more: More, read: Read<T>): Promise<T> {
    const headers: Record<string, string> = { 'Accept-Language': language(), ...more.fields }
    if (more.body !== undefined) headers['Content-Type'] = more.type ?? 'application/json'
    const bearer = token()
    if (bearer) headers.Authorization = `Bearer ${bearer}`
    return patiently(bytesOf(more.body), async (signal, progress) => {
      const options: RequestInit = { method, headers, body: more.body, credentials: 'omit', cache: 'no-store', signal }
      const answer = await fetch(`/api/phone/${path}`, options)
      progress()
      return read(answer, progress)
    })
  }
  async function call(method: string, path: string, body?: BodyInit, type?: string, fields?: Record<string, string>) {
    return ask(method, path, { body, type, fields }, async (answer, progress) => {
      const said = parse(await readText(answer, progress))
      // a page of a Wi-Fi portal, or a reply cut off: nothing was answered, whatever the status says
      if (answer.ok && (said === null || typeof said !== 'object')) throw new TypeError('no answer of the server')
      if (said !== null && typeof said === 'object') hearing.heard?.(serverTime(answer))
      if (said?.in_service === false || said?.code === 'phone.out-of-service') hearing.outOfService?.()
      if (!answer.ok) throw refusal(answer, said)
      return said as never
    })
  }
  return {
    enrol: (login_name, password) => {
      const label = navigator.platform || ''
      return call('POST', 'enrol', JSON.stringify({ login_name, password, label }))
    },
    pack: () => call('GET', 'pack'),
    send: (rows) => call('POST', 'inbox', JSON.stringify({
      sent_at: localIso(Date.now()), // by this phone's clock: with the stamps inside it tells how far each was off
      items: rows.map((row) => ({ op_id: row.op_id, ...row.sealed, made_at: row.made_at, photos: row.photos })),
    })),
    list: (keys) => call('GET', 'inbox?' + keys.map((key) => `op_id=${key}`).join('&')),
    photoOffset: (id) => ask('HEAD', `photos/${id}`, {}, async (answer) => {
      if (!answer.ok) throw new Refused(answer.status, '', '')
      const offset = answer.headers.get('Upload-Offset')
      const complete = answer.headers.get('Upload-Complete') === '?1'
      return offset === null ? null : { offset: Number(offset), complete }
    }),
    addToPhoto: async (id, offset, piece, last) => {
      const fields = { 'Upload-Offset': String(offset), 'Upload-Complete': last ? '?1' : '?0' }
      const body = piece as unknown as BodyInit
      const type = 'application/partial-upload'
      const said: { offset: number; state: string } = await call('PATCH', `photos/${id}`, body, type, fields)
      return { offset: Number(said.offset), complete: said.state === 'stored' }
    },
    sendPhoto: (id, body) => call('PUT', `photos/${id}`, body as unknown as BodyInit, 'application/octet-stream'),
    badgePhoto: (picture) => picture
      ? call('PUT', 'badge-photo', picture as unknown as BodyInit, 'image/jpeg') : call('DELETE', 'badge-photo'),
    number: (household) => call('POST', `numbers/${household}`, '{}'),
    leave: () => call('POST', 'leave', '{}'),
  }
}
