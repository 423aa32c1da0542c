// The grid of the register: Tabulator draws, sorts, filters and pages through the server; choosing, typing, pasting,
// undo and the rest are here and beside. The page reads as a plain table without this script.
import 'tabulator-tables/dist/css/tabulator_simple.min.css'
import './grid.css'
import { Work } from './work.js'
import { ask, say } from './server.js'
import { chooseColumns, askName, openDrawer, showPast } from './dialogs.js'
import { makeTable } from './table.js'

const boot = JSON.parse(document.getElementById('qm-grid-boot').textContent)
const { words, urls } = boot
const byCode = Object.fromEntries(boot.columns.map((column) => [column.code, column]))
const wrap = document.getElementById('qm-grid')
const stateLine = document.querySelector('.qm-grid-state')
const question = { ...boot.question }
let frozen = window.innerWidth < 700 ? 1 : 2

const tell = (text, isBad = false) => {
  stateLine.textContent = text
  stateLine.classList.toggle('qm-error', isBad)
}

tell(words.loading)
for (const element of document.querySelectorAll('[data-script]')) element.hidden = false
wrap.replaceChildren(document.createElement('div'), document.createElement('div'))
wrap.lastElementChild.className = 'qm-grid-pages'
wrap.classList.add('qm-live')

const work = new Work({ boot, byCode, question, tell, wrap })
const pages = wrap.lastElementChild
const table = makeTable(wrap.firstElementChild, { pages, boot, byCode, question, work, tell, frozen, opened: openCard })
work.attach(table)

function setColumns() {
  table.setColumns(makeTable.columns({ boot, byCode, question, work, frozen, opened: openCard }))
  return table.replaceData()
}

function openCard(row) {
  const address = urls.card.replace('00000000-0000-0000-0000-000000000000', row.getIndex())
  const drawer = openDrawer()
  window.htmx.ajax('GET', address, { target: drawer.querySelector('.qm-drawer-body'), swap: 'innerHTML' })
}

async function reveal() {
  const cell = work.chosen.cell()
  const column = cell && byCode[cell.getField()]
  if (!column || !column.sealed) return tell(words.pickSealed, true)
  const reason = document.querySelector('.qm-grid-reveal select').value
  await work.guarded(async () => {
    const place = { view: question.view, row: cell.getRow().getIndex(), column: column.code, reason }
    const found = await ask(urls['reveal'], place)
    work.unveil(cell, found.text)
    tell(words.revealed)
  })
  return work.editor.focus()
}

async function past() {
  const cell = work.chosen.cell()
  if (!cell) return tell(words.pickCell, true)
  const place = new URLSearchParams({ view: question.view, row: cell.getRow().getIndex(), column: cell.getField() })
  return work.guarded(async () => showPast(await ask(`${urls['past']}?${place}`), words))
}

async function columns() {
  const found = await chooseColumns(boot.columns, question.columns, frozen)
  if (!found) return
  question.columns = found.codes
  question.filters = Object.fromEntries(Object.entries(question.filters).filter(([code]) => found.codes.includes(code)))
  frozen = found.frozen
  await setColumns()
  work.editor.focus()
}

async function save() {
  const name = await askName()
  if (!name) return
  await work.guarded(async () => {
    const found = await ask(urls['save-view'], { ...question, name })
    window.location.assign(found.url)
  })
}

const acts = {
  undo: () => work.undo(), redo: () => work.redo(), fill: () => work.fillDown(), reveal, past, columns, save,
  card: () => (work.chosen.cell() ? openCard(work.chosen.cell().getRow()) : tell(words.pickCell, true)),
}
work.acts = acts
for (const button of document.querySelectorAll('[data-do]')) button.addEventListener('click', () => acts[button.dataset.do]())

const drawer = document.getElementById('qm-drawer')
function closeDrawer() {
  drawer.hidden = true
  work.editor.focus()
}
drawer.querySelector('.qm-drawer-close').addEventListener('click', closeDrawer)
drawer.addEventListener('keydown', (event) => event.key === 'Escape' && closeDrawer())

// Words anywhere: as one types, a moment after the last key.
const search = document.querySelector('.qm-grid-search input[type=search]')
let wait = 0
function look() {
  if (question.text === search.value.trim()) return
  question.text = search.value.trim()
  table.setPage(1)
}
search.addEventListener('input', (event) => {
  clearTimeout(wait)
  if (!event.isComposing) wait = setTimeout(look, 250)
})
search.addEventListener('compositionend', look)
search.form.addEventListener('submit', (event) => {
  event.preventDefault()
  look()
})
document.getElementById('qm-export').addEventListener('submit', (event) => {
  event.target.querySelector('[name=wish]').value = JSON.stringify(question)
})
