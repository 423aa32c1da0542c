// The questions the grid asks: what would change, whose word counts, which columns, under what name.
import { say } from './server.js'

const part = (kind, text, css) => {
  const element = document.createElement(kind)
  if (text !== undefined) element.textContent = text
  if (css) element.className = css
  return element
}
const MOST = 100

// Open a dialog and wait: true for its first button, false for every other way out.
function answered(dialog) {
  return new Promise((resolve) => {
    const close = (yes) => {
      dialog.close()
      resolve(yes)
    }
    for (const button of dialog.querySelectorAll('.qm-dialog-acts button')) {
      button.onclick = () => close(button.value === 'yes')
    }
    dialog.oncancel = () => resolve(false)
    dialog.showModal()
  })
}

function table(lines) {
  const found = part('table', undefined, 'qm-changes')
  for (const line of lines) {
    const row = part('tr')
    row.append(...line.map((text) => part('td', text)))
    found.append(row)
  }
  return found
}

function section(title, lines, words) {
  if (!lines.length) return []
  const found = [part('h3', title), table(lines.slice(0, MOST))]
  if (lines.length > MOST) found.push(part('p', say(words.more, { count: lines.length - MOST })))
  return found
}

// "将改 37 处" with the list; nothing is written before the answer.
export function confirmChanges(plan, note, words) {
  const dialog = document.getElementById('qm-confirm')
  const empty = (text) => text || words.emptyCell
  dialog.querySelector('h2').textContent = plan.changes.length
    ? say(words.willChange, { count: plan.changes.length })
    : words.noChange
  dialog.querySelector('button[value=yes]').hidden = !plan.changes.length
  dialog.querySelector('.qm-dialog-body').replaceChildren(
    ...(note ? [part('p', note)] : []),
    ...section('', plan.changes.map((one) => [one.who, one.title, `${empty(one.before)} → ${empty(one.after)}`]), words)
      .filter((element) => element.tagName !== 'H3'),
    ...section(say(words.faults, { count: plan.faults.length }),
      plan.faults.map((one) => [one.who, one.title, `${empty(one.text)}：${one.what}`]), words),
    ...section(say(words.conflicts, { count: plan.conflicts.length }),
      plan.conflicts.map((one) => [one.who, one.title, `${words.mine} ${empty(one.mine)}，${words.theirs} ${empty(one.theirs)}`]), words),
  )
  return answered(dialog)
}

// Two values side by side; true: mine.
export function settleConflict(conflict, words) {
  const dialog = document.getElementById('qm-conflict')
  dialog.querySelector('h2').textContent = say(words.conflict, conflict)
  dialog.querySelector('.qm-dialog-body').replaceChildren(
    table([[words.mine, conflict.mine || words.emptyCell], [words.theirs, conflict.theirs || words.emptyCell]]),
  )
  const [mine, theirs] = [part('button', words.useMine, 'btn btn-primary'), part('button', words.useTheirs, 'btn')]
  mine.value = 'yes'
  theirs.autofocus = true // a hasty Enter overwrites nobody
  dialog.querySelector('.qm-dialog-acts').replaceChildren(mine, theirs)
  return answered(dialog)
}

// Which columns, and how many stay when the rest moves. Returns {codes, frozen} or null.
export async function chooseColumns(columns, shown, frozen) {
  const dialog = document.getElementById('qm-columns')
  const body = dialog.querySelector('.qm-dialog-body')
  const ordered = [...shown.map((code) => columns.find((one) => one.code === code)), ...columns.filter((one) => !shown.includes(one.code))]
  body.replaceChildren(
    ...ordered.map((column) => {
      const [label, box] = [part('label', undefined, 'qm-column-choice'), part('input')]
      Object.assign(box, { type: 'checkbox', value: column.code, checked: shown.includes(column.code) })
      if (column.help) label.title = column.help
      label.append(box, ` ${column.title}`)
      return label
    }),
  )
  dialog.querySelector('select').value = String(frozen)
  if (!(await answered(dialog))) return null
  const codes = [...body.querySelectorAll('input:checked')].map((box) => box.value)
  return codes.length ? { codes, frozen: Number(dialog.querySelector('select').value) } : null
}

export async function askName() {
  const dialog = document.getElementById('qm-save')
  const field = dialog.querySelector('input')
  field.onkeydown = (event) => {
    if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault()
      dialog.querySelector('button[value=yes]').click()
    }
  }
  return (await answered(dialog)) ? field.value.trim() : ''
}

// The drawer on the right: a household, or what a cell has been.
export function showPast(found, words) {
  const lines = found.steps.map((one) => {
    const item = part('li', undefined, one.undone ? 'qm-undone' : '')
    const empty = (text) => text || words.emptyCell
    item.append(
      part('strong', `${empty(one.before)} → ${empty(one.after)}`),
      part('div', `${one.when} ${one.who} · ${one.word}${one.undone ? ` · ${words.taken}` : ''}`, 'text-secondary'),
    )
    return item
  })
  const list = part('ul', undefined, 'qm-members')
  list.append(...lines)
  openDrawer(part('h2', say(words.history, found), 'qm-drawer-title'), lines.length ? list : part('p', words.noHistory))
}

export function openDrawer(...parts) {
  const drawer = document.getElementById('qm-drawer')
  drawer.hidden = false
  if (parts.length) drawer.querySelector('.qm-drawer-body').replaceChildren(...parts)
  drawer.querySelector('.qm-drawer-body').focus({ preventScroll: true })
  return drawer
}
