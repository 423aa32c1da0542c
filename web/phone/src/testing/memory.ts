import { AsyncLocalStorage } from 'node:async_hooks'
import type { PhoneDb } from '../db'

/**
 * The store of a phone in memory, as far as the core asks it: for histories by the ten thousand, where IndexedDB (and the
 * fake of it) is the whole cost. Some histories of each run live on the real Dexie, so that this stays honest.
 */
const inside = new AsyncLocalStorage<MemoryDb>()
type Row = Record<string, unknown>
type Key = string
const copy = <T>(value: T): T => (typeof value === 'object' && value !== null && !isKey(value) ? copyOf(value) : value)
const isKey = (value: object) => 'keyTag' in value
function copyOf<T extends object>(value: T): T {
  if (value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map(copy) as unknown as T
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copy(inner)])) as T
}

class Collection {
  constructor(private table: MemoryTable, private tests: ((row: Row) => boolean)[]) {}

  private found(): Row[] {
    return [...this.table.rows.values()].filter((row) => this.tests.every((test) => test(row)))
  }
  and(test: (row: Row) => boolean): Collection { return new Collection(this.table, [...this.tests, test]) }
  filter(test: (row: Row) => boolean): Collection { return this.and(test) }
  toArray(): Promise<Row[]> { return this.table.store.op(() => this.found().map(copy)) }
  count(): Promise<number> { return this.table.store.op(() => this.found().length) }
  first(): Promise<Row | undefined> { return this.table.store.op(() => copy(this.found()[0])) }
  primaryKeys(): Promise<Key[]> { return this.table.store.op(() => this.found().map((row) => this.table.keyOf(row))) }
  sortBy(name: string): Promise<Row[]> {
    const order = (a: Row, b: Row) => (String(a[name]) < String(b[name]) ? -1 : 1)
    return this.table.store.op(() => this.found().map(copy).sort(order))
  }
  delete(): Promise<number> {
    return this.table.store.op(() => {
      const found = this.found()
      for (const row of found) this.table.remove(this.table.keyOf(row))
      return found.length
    })
  }
  modify(change: Row | ((row: Row) => void)): Promise<number> {
    return this.table.store.op(() => {
      const found = this.found()
      for (const row of found) {
        const changed = copy(row)
        if (typeof change === 'function') change(changed)
        else Object.assign(changed, change)
        this.table.set(changed)
      }
      return found.length
    })
  }
}

class Where {
  constructor(private table: MemoryTable, private name: string) {}
  private by(test: (value: unknown) => boolean): Collection {
    return new Collection(this.table, [(row) => test(row[this.name])])
  }
  equals(value: unknown): Collection { return this.by((other) => other === value) }
  notEqual(value: unknown): Collection { return this.by((other) => other !== value) }
  above(value: string): Collection { return this.by((other) => String(other) > value) }
  anyOf(...values: unknown[]): Collection {
    const wanted = values.flat()
    return this.by((other) => wanted.includes(other))
  }
}

class MemoryTable {
  rows = new Map<Key, Row>()
  constructor(readonly store: MemoryDb, private key: string) {}

  keyOf(row: Row): Key { return String(row[this.key]) }
  set(row: Row): void {
    this.store.write()
    this.store.note(this, this.keyOf(row))
    this.rows.set(this.keyOf(row), row)
  }
  remove(key: Key): void {
    this.store.note(this, key)
    this.rows.delete(key)
  }
  get(key: Key): Promise<Row | undefined> { return this.store.op(() => copy(this.rows.get(key))) }
  bulkGet(keys: Key[]): Promise<(Row | undefined)[]> { return this.store.op(() => keys.map((key) => copy(this.rows.get(key)))) }
  put(row: Row): Promise<void> { return this.store.op(() => this.set(copy(row))) }
  private insert(row: Row): void {
    if (this.rows.has(this.keyOf(row))) throw new Error('ConstraintError')
    this.set(copy(row))
  }
  add(row: Row): Promise<void> { return this.store.op(() => this.insert(row)) }
  bulkPut(rows: Row[]): Promise<void> { return this.store.op(() => { for (const row of rows) this.set(copy(row)) }) }
  bulkAdd(rows: Row[]): Promise<void> { return this.store.op(() => { for (const row of rows) this.insert(row) }) }
  update(key: Key, change: Row): Promise<number> {
    return this.store.op(() => {
      const there = this.rows.get(key)
      if (there) this.set({ ...there, ...copy(change) })
      return Number(!!there)
    })
  }
  delete(key: Key): Promise<void> { return this.store.op(() => this.remove(key)) }
  bulkDelete(keys: Key[]): Promise<void> { return this.store.op(() => { for (const key of keys) this.remove(key) }) }
  clear(): Promise<void> { return this.store.op(() => { for (const key of [...this.rows.keys()]) this.remove(key) }) }
  count(): Promise<number> { return this.store.op(() => this.rows.size) }
  toArray(): Promise<Row[]> { return this.store.op(() => this.toCollection().toArray()) }
  toCollection(): Collection { return new Collection(this, []) }
  filter(test: (row: Row) => boolean): Collection { return new Collection(this, [test]) }
  orderBy(name: string): { toArray: () => Promise<Row[]> } { return { toArray: () => this.toCollection().sortBy(name) } }
  where(name: string): Where { return new Where(this, name) }
}

export class MemoryDb {
  full = false
  meta = new MemoryTable(this, 'key')
  outbox = new MemoryTable(this, 'op_id')
  photos = new MemoryTable(this, 'id')
  private line: Promise<unknown> = Promise.resolve()
  private undo: Map<MemoryTable, Map<Key, Row | undefined>> | null = null

  constructor(public name: string) {}

  write(): void {
    if (this.full) throw new DOMException('full', 'QuotaExceededError')
  }
  note(table: MemoryTable, key: Key): void {
    const before = this.undo?.get(table) ?? new Map<Key, Row | undefined>()
    if (!before.has(key)) before.set(key, table.rows.get(key))
    this.undo?.set(table, before)
  }
  async read<T>(key: string): Promise<T | undefined> { return (await this.meta.get(key))?.value as T | undefined }
  async put(key: string, value: unknown): Promise<void> { await this.meta.put({ key, value }) }

  /** A single access waits for the transactions before it, as in IndexedDB. */
  async op<T>(work: () => T): Promise<T> {
    if (inside.getStore() === this) return work()
    return this.transaction('rw', async () => work())
  }

  /** One after another, all or nothing; one inside another is part of it. */
  async transaction<T>(_mode: string, ...rest: unknown[]): Promise<T> {
    const work = rest.pop() as () => Promise<T>
    if (inside.getStore() === this) return work()
    const turn = this.line.then(() => this.alone(work))
    this.line = turn.catch(() => undefined)
    return turn
  }
  private async alone<T>(work: () => Promise<T>): Promise<T> {
    this.undo = new Map()
    try {
      return await inside.run(this, work)
    } catch (error) {
      for (const [table, before] of this.undo) {
        for (const [key, row] of before) {
          if (row) table.rows.set(key, row)
          else table.rows.delete(key)
        }
      }
      throw error
    } finally {
      this.undo = null
    }
  }
  close(): void {}
}

/** Make a store that the core takes for its own. */
export function memoryDb(name: string): PhoneDb & { full: boolean } {
  const made = new MemoryDb(name)
  const bound = (property: string | symbol) => {
    const value: unknown = Reflect.get(made, property === 'write' ? 'put' : property)
    return typeof value === 'function' ? value.bind(made) : value // one store, by whatever name it is called
  }
  return new Proxy(made, { get: (_target, property) => bound(property) }) as unknown as PhoneDb & { full: boolean }
}
