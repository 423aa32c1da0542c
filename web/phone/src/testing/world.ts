import type { dice } from './dice'

/** What the server knows of a right to hand in. */
interface Known { staff: string; revoked: boolean; left: boolean }
export interface Item { ct: string; by: string; state: 'taken' | 'quarantined'; missing: Set<string>; doublets: number }
interface Kept { items: Map<string, Item>; rights: Map<string, Known> }
export class Lost extends TypeError {}
const FAULTS = ['request', 'reply', 'twice', 'late', 'half', 'portal', 'cut', '502', '502 after', '500', '429'] as const

/**
 * The server's rules as the contract has them (proved on the real database in qiaomen/phone/tests and tests/proof), with
 * people, rights, lists and a clock of its own, and faults on the line. Sealed text is its own plain text here.
 */
export class World {
  kept: Kept = { items: new Map(), rights: new Map() }
  epoch = 1
  backup: Kept | null = null
  gone = new Set<string>()
  /** A row that spoils its request: the server answers 500 to it, whoever sends it. */
  poison = new Set<string>()
  late: (() => void)[] = []
  fault = ''
  calm = false
  now = Date.parse('2026-11-25T09:00:00+08:00')
  doors = 0
  private number = 0
  constructor(private random: ReturnType<typeof dice>, private name: string) {}

  // what people of the office do
  revoke(staff: string): void {
    for (const known of this.kept.rights.values()) if (known.staff === staff) known.revoked = true
  }
  isRevoked(staff: string): boolean {
    return [...this.kept.rights.values()].some((known) => known.staff === staff && known.revoked) || this.epoch > 1
  }
  keepBackup(): void {
    this.backup = structuredClone(this.kept)
  }
  restore(): void {
    if (!this.backup) return
    this.kept = structuredClone(this.backup)
    this.epoch++
  }
  takeIn(): void {
    for (const item of this.kept.items.values()) if (item.state === 'quarantined' && this.random.next() < 0.5) item.state = 'taken'
  }

  // what it answers
  private enrol(body: string): unknown {
    const staff = String(JSON.parse(body).login_name)
    const token = `${this.name}-t${this.number++}`
    const grant = `grant:${staff}:${token}` // signed, so that a restored server knows it, too
    this.kept.rights.set(grant, { staff, revoked: false, left: false })
    const seal_key = { id: 'k1', public: '' }
    const home = { id: 'c', name: '锦瑟' }
    return { token, grant, staff: { id: staff, name: staff }, community: home, epoch: `e${this.epoch}`, seal_key }
  }
  private known(right: string): Known | undefined {
    const known = this.kept.rights.get(right)
    if (known || !right.startsWith('grant:')) return known
    // good, and of a phone this server does not know: 待核
    return { staff: right.split(':')[1]!, revoked: true, left: false }
  }
  private pack(token: string): unknown {
    const right = [...this.kept.rights].find(([grant]) => grant.endsWith(`:${token}`))
    if (!right || right[1].left) return { status: 401, code: 'phone.not-signed-in' }
    if (right[1].revoked) return { status: 401, code: 'phone.out-of-service' }
    const first = this.doors
    const doors = Array.from({ length: 4 }, (_, n) => ({
      dwelling_id: `d${(first + n) % 8}`, household_id: null, label: `3-2-${first + n}01`, building: '锦瑟小区3号楼',
      greet: `王**，第 ${first + n} 户`, base_version: 1, people: [], position: n,
    }))
    return {
      pack_id: 'p', made_at: new Date(this.now).toISOString(), expires_at: new Date(this.now + 72 * 3600_000).toISOString(),
      epoch: `e${this.epoch}`, seal_key: { id: 'k1', public: '' }, staff: { id: right[1].staff, name: '' }, doors, buildings: [],
      round: { id: 'r', day: '', team: '' }, outcomes: [], need_kinds: [],
    }
  }
  private take(known: Known, given: { op_id: string; ct: string }): unknown {
    const said = JSON.parse(given.ct)
    const there = this.kept.items.get(given.op_id)
    if (there && there.state === 'taken') {
      if (there.ct !== given.ct) there.doublets++
      return this.state(given.op_id)
    }
    const future = Date.parse(said.happened_at) > this.now + 600_000
    const aside = known.revoked || this.gone.has(said.dwelling_id) || future || said.unfinished
    const state = aside ? 'quarantined' : 'taken'
    const missing = new Set<string>([...said.photos, ...(said.voice ? [said.voice.id] : [])])
    this.kept.items.set(given.op_id, { ct: given.ct, by: known.staff, state, missing, doublets: 0 })
    return this.state(given.op_id)
  }
  private state(op_id: string): unknown {
    const item = this.kept.items.get(op_id)!
    const state = item.state === 'taken' ? (item.missing.size ? 'waiting_photos' : 'stored') : item.state
    return {
      op_id, state, code: '', message: state === 'quarantined' ? '待核' : '', received_at: new Date(this.now).toISOString(),
      photos_missing: state === 'waiting_photos' ? [...item.missing] : [], needs: [],
    }
  }
  private answer(method: string, path: string, bearer: string, body: string | Uint8Array): unknown {
    if (path.endsWith('/enrol')) return this.enrol(String(body))
    if (path.endsWith('/pack')) return this.pack(bearer)
    const known = this.known(bearer) ?? [...this.kept.rights].find(([grant]) => grant.endsWith(`:${bearer}`))?.[1]
    if (!known) return { status: 401, code: 'phone.not-signed-in' }
    if (path.endsWith('/leave')) { known.left = true; return { message: '' } }
    if (method === 'HEAD') return { offset: 0, complete: !this.owner(path)?.missing.has(path.split('/').pop()!) }
    if (method === 'PATCH') {
      const item = this.owner(path)
      item?.missing.delete(path.split('/').pop()!)
      return item ? { offset: body.length, state: 'stored' } : { status: 400, code: 'phone.photo-unreadable' }
    }
    const here = { epoch: `e${this.epoch}`, in_service: !known.revoked }
    if (method === 'POST') {
      const items: { op_id: string; ct: string }[] = JSON.parse(String(body)).items
      if (items.some((given) => this.poison.has(given.op_id))) return { status: 500 }
      return { ...here, results: items.map((given) => this.take(known, given)) }
    }
    const keys = [...path.matchAll(/op_id=([^&]+)/g)].map((found) => found[1]!)
    const items = keys.filter((key) => this.kept.items.has(key)).map((key) => this.state(key) as { needs?: unknown })
    if (bearer.startsWith('grant:')) for (const item of items) delete item.needs
    return { ...here, items }
  }
  private owner(path: string): Item | undefined {
    const photo = path.split('/').pop()!
    return [...this.kept.items.values()].find((item) => item.state === 'taken' && item.missing.has(photo))
  }

  fetch = async (path: string, options: RequestInit): Promise<Response> => {
    const { method = 'GET', body } = options
    const bearer = String((options.headers as Record<string, string>).Authorization).slice(7)
    const ask = () => this.answer(method, path, bearer, body as string)
    const fault = this.calm ? '' : this.fault || (this.random.next() < 0.3 ? this.random.pick(FAULTS) : '')
    if (fault === 'down' || fault === 'request') throw new Lost('no signal')
    if (fault === 'late') { this.late.push(ask); throw new Lost('given up') }
    if (fault === 'portal') return this.reply(method, 200, '<html>请登录 Wi-Fi</html>')
    if (fault === '502' || fault === '500' || fault === '429') return this.reply(method, Number(fault), '<h1>Bad Gateway</h1>')
    if (fault === 'half' && path.endsWith('/inbox') && method === 'POST') {
      const { items } = JSON.parse(String(body))
      this.answer('POST', path, bearer, JSON.stringify({ items: items.slice(0, this.random.below(items.length)) }))
      throw new Lost('the server stopped')
    }
    const given = ask() as { status?: number; offset: number; complete: boolean }
    const said = JSON.stringify(given)
    if (fault === 'twice') ask()
    if (fault === 'reply') throw new Lost('answer lost')
    if (fault === 'cut') return this.reply(method, 200, said.slice(0, said.length / 2))
    if (fault === '502 after') return this.reply(method, 502, '<h1>Bad Gateway</h1>')
    const fields = method === 'HEAD' ? { 'Upload-Offset': String(given.offset), 'Upload-Complete': given.complete ? '?1' : '?0' } : {}
    return this.reply(method, given.status ?? 200, said, fields)
  }
  /** As much of a Response as the app reads, without the cost of a real one. */
  private reply(method: string, status: number, text: string, fields: Record<string, string> = {}): Response {
    const all: Record<string, string> = { Date: new Date(this.now).toUTCString(), ...fields }
    const pieces = method === 'HEAD' ? [] : [new TextEncoder().encode(text)]
    const read = async () => (pieces.length ? { done: false, value: pieces.pop() } : { done: true })
    const headers = { get: (name: string) => all[name] ?? null }
    return { ok: status < 300, status, headers, body: { getReader: () => ({ read }) } } as unknown as Response
  }
}
