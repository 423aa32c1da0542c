import type { ItemState, OutboxRow, Pack, Session } from './types'

/** A refusal by the server, in its own words. */
export class Refused extends Error {
  constructor(public status: number, public code: string, message: string) { super(message) }
}

export interface Api {
  enrol(login_name: string, password: string): Promise<Session & { epoch: string }>
  pack(): Promise<Pack>
  send(rows: OutboxRow[]): Promise<{ epoch: string; results: ItemState[] }>
  list(keys: string[]): Promise<{ epoch: string; items: ItemState[] }>
  sendPhoto(id: string, body: Uint8Array): Promise<void>
  leave(): Promise<void>
}

export function makeApi(token: () => string | undefined, language: () => string, outOfService: () => void = () => {}): Api {
  async function call(method: string, path: string, body?: BodyInit, type = 'application/json'): Promise<any> {
    const headers: Record<string, string> = { 'Accept-Language': language() }
    if (body !== undefined) headers['Content-Type'] = type
    const bearer = token()
    if (bearer) headers.Authorization = `Bearer ${bearer}`
    const answer = await fetch(`/api/phone/${path}`, { method, headers, body, credentials: 'omit', signal: AbortSignal.timeout?.(30000) })
    const said = await answer.json().catch(() => null)
    // a page of a Wi-Fi portal, or a reply cut off: nothing was answered, whatever the status says
    if (answer.ok && (said === null || typeof said !== 'object')) throw new TypeError('no answer of the server')
    if (said?.in_service === false || said?.code === 'phone.out-of-service') outOfService()
    if (!answer.ok) throw new Refused(answer.status, said?.code ?? '', [said?.title, said?.what, said?.safe, said?.do_next].filter(Boolean).join(' '))
    return said
  }
  return {
    enrol: (login_name, password) => call('POST', 'enrol', JSON.stringify({ login_name, password, label: navigator.platform || '' })),
    pack: () => call('GET', 'pack'),
    send: (rows) => call('POST', 'inbox', JSON.stringify({
      items: rows.map((row) => ({ op_id: row.op_id, ...row.sealed, made_at: row.made_at, photos: row.photos })),
    })),
    list: (keys) => call('GET', 'inbox?' + keys.map((key) => `op_id=${key}`).join('&')),
    sendPhoto: (id, body) => call('PUT', `photos/${id}`, body as unknown as BodyInit, 'application/octet-stream'),
    leave: () => call('POST', 'leave', '{}'),
  }
}
