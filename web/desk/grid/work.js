// Working in the grid: keys, mouse, clipboard, writing to the server, and what was typed but not taken.
import { readBlock, writeBlock } from './blocks.js'
import { confirmChanges, settleConflict } from './dialogs.js'
import { Editor } from './editor.js'
import { Selection } from './selection.js'
import { Refused, ask, say } from './server.js'

const NOBODY = '00000000-0000-0000-0000-000000000000'
const SHOWN_MS = 5 * 60 * 1000
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-15, 0], PageDown: [15, 0] }
const keyOf = (cell) => `${cell.getRow().getIndex()}|${cell.getField()}`

export class Work {
  constructor({ boot, byCode, question, tell, wrap }) {
    Object.assign(this, { byCode, question, tell, wrap, words: boot.words, urls: boot.urls })
    this.done = [...boot.steps] // acts of mine that may be taken back, the newest last
    this.undone = []
    this.held = new Map() // typed but not taken: key -> {text, what}
    this.shown = new Map() // sealed cells shown for five minutes: key -> text
    this.isLeaving = false
    this.queue = Promise.resolve()
  }

  attach(table) {
    this.table = table
    const holder = () => this.wrap.querySelector('.tabulator-tableholder')
    table.on('tableBuilt', () => {
      this.chosen = new Selection(table, holder, () => this.moved())
      this.editor = new Editor(this.wrap, holder, {
        allowed: (cell) => this.mayEdit(cell),
        choices: (cell) => this.columnOf(cell).choices,
        commit: (cell, text) => this.commit(cell, text),
        ended: () => this.editor.focus(),
        label: this.words.pickCell,
      })
      this.listen()
    })
    table.on('dataProcessed', () => this.chosen && this.chosen.choose(this.chosen.row, this.chosen.col))
    table.on('columnResized', () => this.editor.follow())
    table.on('cellMouseDown', (event, cell) => this.pressed(event, cell))
    table.on('cellMouseEnter', (event, cell) => this.dragged(event, cell))
    table.on('cellDblClick', (event, cell) => cell.getField() !== '_open' && this.editor.start(this.textOf(cell)))
  }

  listen() {
    const { field } = this.editor
    field.addEventListener('keydown', (event) => this.key(event))
    field.addEventListener('copy', (event) => this.copy(event))
    field.addEventListener('cut', (event) => !this.editor.editing && this.copy(event))
    field.addEventListener('paste', (event) => this.paste(event))
    field.addEventListener('blur', () => this.editor.editing && this.editor.finish())
    document.addEventListener('mouseup', () => { this.isDragging = false })
  }

  // ---- what a cell shows ----
  draw(cell) {
    const [key, element] = [keyOf(cell), cell.getElement()]
    const held = this.held.get(key)
    element.classList.toggle('qm-bad', Boolean(held))
    element.classList.toggle('qm-shown', this.shown.has(key))
    element.title = held ? held.what : ''
    return document.createTextNode(held ? held.text : this.shown.get(key) ?? cell.getValue() ?? '')
  }

  columnOf(cell) {
    return this.byCode[cell.getField()]
  }

  textOf(cell) {
    const held = this.held.get(keyOf(cell))
    if (held) return held.text
    return this.columnOf(cell).sealed ? '' : cell.getValue() ?? ''
  }

  redraw(...cells) {
    for (const cell of cells) if (cell) cell.getElement().replaceChildren(this.draw(cell))
    this.chosen.paint()
    this.editor.follow()
  }

  // The row with this key when it is on the page. (Tabulator's own getRow complains of one that is not.)
  rowOf(key) {
    return this.table.getRows().find((row) => row.getIndex() === key)
  }

  hold(row, column, text, what) {
    this.held.set(`${row}|${column}`, { text, what })
  }

  unveil(cell, text) {
    const key = keyOf(cell)
    this.shown.set(key, text)
    this.redraw(cell)
    setTimeout(() => {
      this.shown.delete(key)
      const row = this.rowOf(key.split('|')[0])
      if (row) this.redraw(row.getCell(key.split('|')[1]))
    }, SHOWN_MS)
  }

  // ---- moving ----
  moved() {
    const cell = this.chosen.cell()
    if (!cell) return
    const what = this.held.get(keyOf(cell))
    const title = this.columnOf(cell).title
    this.editor.over(cell, `${title} ${cell.getElement().textContent}${what ? ` ${what.what}` : ''}`)
    if (what) this.tell(what.what, true)
    const active = document.activeElement
    if (active === document.body || active === this.editor.field || this.isPointing) this.editor.focus()
  }

  pressed(event, cell) {
    if (cell.getField() === '_open' || event.button) return
    event.preventDefault()
    if (this.editor.editing) this.editor.finish()
    const { row, col } = this.chosen.place(cell)
    const again = event.sourceCapabilities?.firesTouchEvents && row === this.chosen.row && col === this.chosen.col
    this.isPointing = true
    this.chosen.choose(row, col, event.shiftKey)
    this.isPointing = false
    this.editor.focus()
    this.isDragging = !event.shiftKey
    if (again) this.editor.start(this.textOf(cell)) // a second tap on a screen that is touched
  }

  dragged(event, cell) {
    if (!this.isDragging || cell.getField() === '_open' || !(event.buttons & 1)) return
    const { row, col } = this.chosen.place(cell)
    this.chosen.choose(row, col, true)
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return // a Chinese input method is at work
    if (this.editor.editing ? this.editingKey(event) : this.idleKey(event)) {
      event.preventDefault()
      event.stopPropagation()
    }
  }

  editingKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) return this.editor.pick(step)
    if (event.key === 'Escape') this.editor.close()
    else if (event.key === 'Enter') {
      this.editor.finish()
      this.chosen.step(event.shiftKey ? -1 : 1, 0)
    } else if (event.key === 'Tab') {
      this.editor.finish()
      this.chosen.tab(event.shiftKey)
    } else return false
    return true
  }

  idleKey(event) {
    const { key, shiftKey } = event
    const control = event.ctrlKey || event.metaKey
    const wasLeaving = this.isLeaving
    this.isLeaving = key === 'Escape' && !this.letGo()
    if (control) return this.controlKey(key.toLowerCase(), shiftKey)
    if (MOVES[key]) this.chosen.step(...MOVES[key], shiftKey)
    else if (key === 'Home' || key === 'End') this.chosen.choose(shiftKey ? this.chosen.toRow : this.chosen.row, key === 'Home' ? 0 : 1e6, shiftKey)
    else if (key === 'Tab') return !wasLeaving && this.chosen.tab(shiftKey)
    else if (key === 'Enter' || key === 'F2') return this.begin()
    else if (key === 'Delete' || key === 'Backspace') this.clear()
    else if (key === ' ') this.acts.card()
    else return false
    return true
  }

  controlKey(key, shiftKey) {
    const rows = { home: 0, end: 1e6, arrowup: 0, arrowdown: 1e6 }
    if (key === 'z') shiftKey ? this.redo() : this.undo()
    else if (key === 'y') this.redo()
    else if (key === 'd') this.fillDown()
    else if (key === 'a') {
      this.chosen.choose(0, 0)
      this.chosen.choose(1e6, 1e6, true)
    } else if (key in rows) this.chosen.choose(rows[key], key === 'home' ? 0 : key === 'end' ? 1e6 : this.chosen.toCol, shiftKey)
    else if (key === 'arrowleft' || key === 'arrowright') this.chosen.choose(this.chosen.toRow, key === 'arrowleft' ? 0 : 1e6, shiftKey)
    else return false
    return true
  }

  begin() {
    const cell = this.chosen.cell()
    return Boolean(cell) && this.editor.start(this.textOf(cell))
  }

  mayEdit(cell) {
    const isLocked = Boolean(cell.getRow().getData().locked)
    const may = this.columnOf(cell).edits && !isLocked
    if (!may) this.tell(isLocked ? this.words.lockedRow : this.words.locked, true)
    return may
  }

  // ---- writing ----
  order(cell, text) {
    const row = cell.getRow()
    const base = row.getData().marks[cell.getField()] || ''
    return { row: row.getIndex(), column: cell.getField(), text, base }
  }

  commit(cell, text) {
    const isSealed = this.columnOf(cell).sealed
    if (isSealed && !text.trim() && !this.held.has(keyOf(cell))) return // nothing was typed over what is masked
    if (!isSealed && !this.held.has(keyOf(cell)) && text === (cell.getValue() ?? '')) return
    const order = this.order(cell, text)
    this.hold(order.row, order.column, text, this.words.saving)
    this.redraw(cell)
    this.write([order])
  }

  // One after another, so that a quick typist's second edit sees the first. Nothing typed is lost when a write fails.
  write(orders) {
    const next = this.queue.then(() => this.guarded(() => this.send(orders), orders))
    this.queue = next
    return next
  }

  async send(orders) {
    const fresh = orders.map((order) => {
      const row = this.rowOf(order.row)
      return { ...order, base: order.force || (row ? row.getData().marks[order.column] : '') || order.base }
    })
    const found = await ask(this.urls['edit'], { ...this.question, cells: fresh })
    for (const fault of found.faults) this.hold(fault.row, fault.column, fault.text, fault.what)
    const bad = new Set([...found.faults, ...found.conflicts].map((one) => `${one.row}|${one.column}`))
    if (!bad.size) for (const order of orders) this.held.delete(`${order.row}|${order.column}`)
    if (found.act) {
      this.done.push(found.act)
      this.undone = []
    }
    this.take(found.rows)
    this.refresh(orders)
    if (found.faults.length) this.tell(found.faults[0].what, true)
    else if (!found.conflicts.length) this.tell(say(this.words.saved, { time: new Date().toTimeString().slice(0, 5) }))
    for (const conflict of found.conflicts) await this.settle(conflict)
    if (bad.size && orders.length > 1) { // the rest of a block is still to be written
      const rest = orders.filter((order) => !bad.has(`${order.row}|${order.column}`))
      if (rest.length) await this.send(rest)
    }
  }

  async settle(conflict) {
    const isMine = await settleConflict(conflict, this.words)
    this.held.delete(`${conflict.row}|${conflict.column}`)
    if (isMine) await this.send([{ row: conflict.row, column: conflict.column, text: conflict.mine, force: conflict.base }])
    else await this.table.replaceData()
    this.editor.focus()
  }

  take(rows) {
    for (const row of rows || []) {
      if (this.rowOf(row.id)) this.table.updateRow(row.id, row)
    }
  }

  refresh(orders) {
    const rows = orders.map((order) => [this.rowOf(order.row), order.column])
    this.redraw(...rows.map(([row, column]) => row && row.getCell(column)))
  }

  async guarded(work, orders = []) {
    try {
      return await work()
    } catch (error) {
      const what = error instanceof Refused ? `${error.problem.what}${error.problem.do_next}` : this.words.offline
      for (const order of orders) this.hold(order.row, order.column, order.text, what)
      if (this.chosen) this.refresh(orders)
      this.tell(say(this.words.notSaved, { what }), true)
      return undefined
    }
  }

  // Several cells at once: planned by the server, shown in a list, written as one act.
  async writeBlock(orders, note = '') {
    if (orders.length === 1 && !note) return this.commit(this.rowOf(orders[0].row).getCell(orders[0].column), orders[0].text)
    await this.queue
    const plan = await this.guarded(() => ask(this.urls['edit'], { ...this.question, cells: orders, dry: true }), orders)
    if (!plan) return undefined
    const isAgreed = await confirmChanges(plan, note, this.words)
    this.editor.focus()
    if (!isAgreed && plan.changes.length) return undefined
    for (const fault of plan.faults) this.hold(fault.row, fault.column, fault.text, fault.what)
    const changed = new Set(plan.changes.map((one) => `${one.row}|${one.column}`))
    const good = orders.filter((order) => changed.has(`${order.row}|${order.column}`))
    for (const order of good) this.held.delete(`${order.row}|${order.column}`)
    if (good.length) await this.write(good)
    this.refresh(orders)
    for (const conflict of plan.conflicts) await this.settle(conflict)
    return undefined
  }

  paste(event) {
    if (this.editor.editing) return
    event.preventDefault()
    const block = readBlock(event.clipboardData.getData('text/plain'))
    const { top, left, bottom, right } = this.chosen.block
    const isOne = block.length === 1 && block[0].length === 1
    const [height, width] = isOne ? [bottom - top + 1, right - left + 1] : [block.length, Math.max(...block.map((row) => row.length))]
    const orders = []
    let outside = 0
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const text = isOne ? block[0][0] : block[y][x]
        if (text === undefined) continue
        const cell = this.chosen.cell(top + y, left + x)
        if (cell) orders.push(this.order(cell, text))
        else outside += 1
      }
    }
    this.chosen.choose(top, left)
    this.chosen.choose(top + height - 1, left + width - 1, true)
    if (orders.length) this.writeBlock(orders, outside ? say(this.words.outside, { count: outside }) : '')
  }

  copy(event) {
    if (this.editor.editing) return
    event.preventDefault()
    const lines = this.chosen.cells().map((line) => line.map((cell) => (cell ? cell.getElement().textContent : '')))
    event.clipboardData.setData('text/plain', writeBlock(lines))
    this.tell(say(this.words.copied, { count: lines.length * lines[0].length }))
  }

  fillDown() {
    const [first, ...rest] = this.chosen.cells()
    if (!rest.length) return this.tell(this.words.oneCell, true)
    const from = first.map((cell) => ({ cell, sealed: this.columnOf(cell).sealed }))
    if (from.some((one) => one.sealed)) return this.tell(this.words.locked, true)
    return this.writeBlock(rest.flatMap((line) => line.map((cell, place) => this.order(cell, this.textOf(from[place].cell)))))
  }

  clear() {
    const cells = this.chosen.cells().flat().filter((cell) => cell && (cell.getValue() || this.held.has(keyOf(cell))))
    if (cells.length && this.mayEdit(cells[0])) this.writeBlock(cells.map((cell) => this.order(cell, '')), cells.length === 1 ? ' ' : '')
  }

  // Give up what was typed into the active cell and not taken. False when there is nothing.
  letGo() {
    const cell = this.chosen.cell()
    if (!cell || !this.held.delete(keyOf(cell))) return false
    this.redraw(cell)
    this.tell('')
    return true
  }

  undo() {
    if (this.letGo()) return this.queue
    return this.step(this.done, this.undone, this.urls.undo, this.words.noUndo, this.words.undone)
  }

  redo() {
    return this.step(this.undone, this.done, this.urls.redo, this.words.noRedo, this.words.redone)
  }

  step(from, to, address, none, told) {
    this.queue = this.queue.then(() => this.guarded(async () => {
      if (!from.length) return this.tell(none, true)
      const act = from[from.length - 1]
      from.pop() // a step that is refused does not bar the way to those before it
      const found = await ask(address.replace(NOBODY, act), this.question)
      to.push(found.act || act)
      this.take(found.rows)
      this.refresh([])
      return this.tell(told)
    }))
    return this.queue
  }
}
