// Which cells are chosen: an active one, and a block from it to the other corner. Positions, not elements, are kept.
export class Selection {
  constructor(table, holder, moved) {
    Object.assign(this, { table, holder, moved, row: 0, col: 0, toRow: 0, toCol: 0, painted: [] })
  }

  rows() {
    return this.table.getRows()
  }

  columns() {
    return this.table.getColumns().filter((column) => column.isVisible() && column.getField() !== '_open')
  }

  cell(row = this.row, col = this.col) {
    const column = this.columns()[col]
    const found = this.rows()[row]
    return column && found ? found.getCell(column.getField()) : null
  }

  get block() {
    return {
      top: Math.min(this.row, this.toRow), bottom: Math.max(this.row, this.toRow),
      left: Math.min(this.col, this.toCol), right: Math.max(this.col, this.toCol),
    }
  }

  get size() {
    const { top, bottom, left, right } = this.block
    return (bottom - top + 1) * (right - left + 1)
  }

  cells() {
    const { top, bottom, left, right } = this.block
    const lines = []
    for (let row = top; row <= bottom; row += 1) {
      const line = []
      for (let col = left; col <= right; col += 1) line.push(this.cell(row, col))
      lines.push(line)
    }
    return lines
  }

  place(cell) {
    return {
      row: this.rows().findIndex((row) => row.getIndex() === cell.getRow().getIndex()),
      col: this.columns().findIndex((column) => column.getField() === cell.getField()),
    }
  }

  choose(row, col, extend = false) {
    const lastRow = Math.max(0, this.rows().length - 1)
    const lastCol = Math.max(0, this.columns().length - 1)
    this.toRow = Math.min(Math.max(row, 0), lastRow)
    this.toCol = Math.min(Math.max(col, 0), lastCol)
    if (!extend) Object.assign(this, { row: this.toRow, col: this.toCol })
    this.paint()
    this.show(this.cell(this.toRow, this.toCol))
    this.moved()
  }

  step(down, right, extend = false) {
    const from = extend ? [this.toRow, this.toCol] : [this.row, this.col]
    this.choose(from[0] + down, from[1] + right, extend)
  }

  // Tab at the end of a row goes on in the next one. False at the very end, where Tab leaves the grid.
  tab(back) {
    const last = this.columns().length - 1
    let [row, col] = [this.row, this.col + (back ? -1 : 1)]
    if (col > last) [row, col] = [row + 1, 0]
    if (col < 0) [row, col] = [row - 1, last]
    if (row < 0 || row >= this.rows().length) return false
    this.choose(row, col)
    return true
  }

  paint() {
    for (const element of this.painted) element.classList.remove('qm-chosen', 'qm-active')
    this.painted = []
    for (const cell of this.cells().flat()) {
      if (!cell) continue
      const element = cell.getElement()
      element.classList.add('qm-chosen')
      this.painted.push(element)
    }
    const active = this.cell()
    if (active) {
      active.getElement().classList.add('qm-active')
      this.painted.push(active.getElement())
    }
  }

  // Bring a cell into view; the frozen columns cover what lies under them.
  show(cell) {
    if (!cell) return
    const box = cell.getElement().getBoundingClientRect()
    const view = this.holder().getBoundingClientRect()
    const frozen = [...cell.getRow().getElement().querySelectorAll('.tabulator-frozen')]
    const left = Math.max(view.left, ...frozen.map((element) => element.getBoundingClientRect().right))
    if (!frozen.includes(cell.getElement())) {
      if (box.left < left) this.holder().scrollLeft -= left - box.left
      else if (box.right > view.left + this.holder().clientWidth) {
        this.holder().scrollLeft += Math.min(box.right - view.left - this.holder().clientWidth, box.left - left)
      }
    }
    if (box.top < view.top) this.holder().scrollTop -= view.top - box.top
    const bottom = view.top + this.holder().clientHeight
    if (box.bottom > bottom) this.holder().scrollTop += box.bottom - bottom
  }
}
