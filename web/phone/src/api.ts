import type { ItemState, OutboxRow, Pack, Session } from './types'

/** A refusal by the server, in its own words. */
export class Refused extends Error {
  constructor(public status: number, public code: string, message: string, public details: Record<string, string> = {}) { super(message) }
}

export interface PhotoPlace { offset: number; complete: boolean }

export interface Api {
  enrol(login_name: string, password: string): Promise<Session & { epoch: string }>
  pack(): Promise<Pack>
  send(rows: OutboxRow[]): Promise<{ epoch: string; results: ItemState[] }>
  list(keys: string[]): Promise<{ epoch: string; items: ItemState[] }>
  /** How many bytes of a photo the server has; null: a server from before pieces. */
  photoOffset(id: string): Promise<PhotoPlace | null>
  addToPhoto(id: string, offset: number, piece: Uint8Array, last: boolean): Promise<PhotoPlace>
  sendPhoto(id: string, body: Uint8Array): Promise<void>
  leave(): Promise<void>
}

const SILENCE_MS = 30_000
const MS_PER_BYTE = 1
/**
 * Wait as long as something moves: 30 s of silence end a request, and what is sent adds its own time, as fetch does not tell
 * how far it is. A byte a millisecond is 8 kbit/s; the slowest line promised has 23.
 */
export async function patiently<T>(bytes: number, work: (signal: AbortSignal, progress: () => void) => Promise<T>): Promise<T> {
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

function parse(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export function makeApi(token: () => string | undefined, language: () => string, outOfService: () => void = () => {}): Api {
  async function ask<T>(method: string, path: string, more: { body?: BodyInit; type?: string; fields?: Record<string, string> }, read: (answer: Response, progress: () => void) => Promise<T>): Promise<T> {
    const headers: Record<string, string> = { 'Accept-Language': language(), ...more.fields }
    if (more.body !== undefined) headers['Content-Type'] = more.type ?? 'application/json'
    const bearer = token()
    if (bearer) headers.Authorization = `Bearer ${bearer}`
    return patiently(bytesOf(more.body), async (signal, progress) => {
      const answer = await fetch(`/api/phone/${path}`, { method, headers, body: more.body, credentials: 'omit', signal })
      progress()
      return read(answer, progress)
    })
  }
  async function call(method: string, path: string, body?: BodyInit, type?: string, fields?: Record<string, string>): Promise<any> {
    return ask(method, path, { body, type, fields }, async (answer, progress) => {
      const said = parse(await readText(answer, progress))
      // a page of a Wi-Fi portal, or a reply cut off: nothing was answered, whatever the status says
      if (answer.ok && (said === null || typeof said !== 'object')) throw new TypeError('no answer of the server')
      if (said?.in_service === false || said?.code === 'phone.out-of-service') outOfService()
      if (!answer.ok) throw new Refused(answer.status, said?.code ?? '', [said?.title, said?.what, said?.safe, said?.do_next].filter(Boolean).join(' '), said?.details)
      return said
    })
  }
  return {
    enrol: (login_name, password) => call('POST', 'enrol', JSON.stringify({ login_name, password, label: navigator.platform || '' })),
    pack: () => call('GET', 'pack'),
    send: (rows) => call('POST', 'inbox', JSON.stringify({
      items: rows.map((row) => ({ op_id: row.op_id, ...row.sealed, made_at: row.made_at, photos: row.photos })),
    })),
    list: (keys) => call('GET', 'inbox?' + keys.map((key) => `op_id=${key}`).join('&')),
    photoOffset: (id) => ask('HEAD', `photos/${id}`, {}, async (answer) => {
      if (!answer.ok) throw new Refused(answer.status, '', '')
      const offset = answer.headers.get('Upload-Offset')
      return offset === null ? null : { offset: Number(offset), complete: answer.headers.get('Upload-Complete') === '?1' }
    }),
    addToPhoto: async (id, offset, piece, last) => {
      const fields = { 'Upload-Offset': String(offset), 'Upload-Complete': last ? '?1' : '?0' }
      const said = await call('PATCH', `photos/${id}`, piece as unknown as BodyInit, 'application/partial-upload', fields)
      return { offset: Number(said.offset), complete: said.state === 'stored' }
    },
    sendPhoto: (id, body) => call('PUT', `photos/${id}`, body as unknown as BodyInit, 'application/octet-stream'),
    leave: () => call('POST', 'leave', '{}'),
  }
}
