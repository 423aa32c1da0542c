// One text field follows the active cell. It is always in focus, unseen while nobody types: so the first key, and the
// first letter of a Chinese input method, already stands in it. What was typed is handed on, never lost.
export class Editor {
  constructor(wrap, holder, { allowed, choices, commit, ended, label }) {
    Object.assign(this, { wrap, holder, allowed, choicesOf: choices, commit, ended, cell: null, editing: false, picked: -1 })
    this.field = document.createElement('textarea')
    Object.assign(this.field, { className: 'qm-cell-field', rows: 1, spellcheck: false, autocomplete: 'off' })
    this.field.setAttribute('aria-label', label)
    this.list = document.createElement('ul')
    this.list.className = 'qm-choices'
    this.list.setAttribute('role', 'listbox')
    this.list.hidden = true
    wrap.append(this.field, this.list)
    this.field.addEventListener('input', () => this.typed())
    this.field.addEventListener('compositionstart', () => this.typed())
    this.list.addEventListener('mousedown', (event) => {
      event.preventDefault()
      const item = event.target.closest('li')
      if (item) this.finish(item.textContent)
    })
    holder().addEventListener('scroll', () => this.follow(), { passive: true })
  }

  // Stand over a cell; a label tells a screen reader where that is and what stands there.
  over(cell, label) {
    this.cell = cell
    this.field.setAttribute('aria-label', label)
    this.follow()
  }

  follow() {
    if (!this.cell || !this.cell.getElement()) return // the row is no longer on the page
    const box = this.cell.getElement().getBoundingClientRect()
    const wrap = this.wrap.getBoundingClientRect()
    Object.assign(this.field.style, {
      left: `${box.left - wrap.left}px`, top: `${box.top - wrap.top}px`,
      minWidth: `${box.width}px`, height: `${box.height}px`,
    })
    Object.assign(this.list.style, {
      left: `${box.left - wrap.left}px`, top: `${box.bottom - wrap.top}px`, minWidth: `${box.width}px`,
    })
  }

  focus() {
    this.field.focus({ preventScroll: true })
  }

  typed() {
    if (!this.editing && !this.start(null)) {
      this.field.value = ''
      return
    }
    this.field.style.width = `${Math.min(420, this.field.value.length * 17 + 24)}px`
    this.offer()
  }

  // Begin: with the cell's own text (Enter, F2, double click), or with what is being typed (null).
  start(text) {
    if (!this.cell || !this.allowed(this.cell)) return false
    this.editing = true
    this.field.classList.add('qm-open')
    if (text !== null) {
      this.field.value = text
      this.field.select()
      this.typed()
    }
    this.offer()
    return true
  }

  get choices() {
    return this.choicesOf(this.cell)
  }

  offer() {
    if (!this.editing) return
    const text = this.field.value.trim()
    const fitting = this.choices.filter((choice) => !text || this.choices.includes(text) || choice.includes(text))
    this.picked = this.choices.includes(text) ? fitting.indexOf(text) : text && fitting.length === 1 ? 0 : -1
    this.list.replaceChildren(
      ...fitting.map((choice, place) => {
        const item = document.createElement('li')
        item.textContent = choice
        item.setAttribute('role', 'option')
        item.setAttribute('aria-selected', place === this.picked)
        return item
      }),
    )
    this.list.hidden = !fitting.length
  }

  pick(step) {
    const items = [...this.list.children]
    if (this.list.hidden || !items.length) return false
    this.picked = (this.picked + step + items.length) % items.length
    items.forEach((item, place) => item.setAttribute('aria-selected', place === this.picked))
    return true
  }

  // Take what stands in the field (or what was picked) and hand it on.
  finish(text) {
    if (!this.editing) return
    const item = this.list.hidden ? null : this.list.children[this.picked]
    const value = text ?? (item ? item.textContent : this.field.value)
    const cell = this.cell
    this.close()
    this.commit(cell, value)
  }

  close() {
    this.editing = false
    this.field.value = ''
    this.field.style.width = ''
    this.field.classList.remove('qm-open')
    this.list.hidden = true
    this.ended()
  }
}
