// The table itself: columns from the server's list, pages, order and filters asked of the server, cells as plain text.
import {
  AjaxModule, ExportModule, FilterModule, FormatModule, FrozenColumnsModule, InteractionModule, MoveColumnsModule,
  PageModule, PrintModule, ResizeColumnsModule, ResizeTableModule, SortModule, Tabulator,
} from 'tabulator-tables'
import { Refused, ask, say } from './server.js'

Tabulator.registerModule([
  AjaxModule, ExportModule, FilterModule, FormatModule, FrozenColumnsModule, InteractionModule, MoveColumnsModule,
  PageModule, PrintModule, ResizeColumnsModule, ResizeTableModule, SortModule,
])

// The field under a column's title that filters by it.
function filterField(column, question, words) {
  return (cell, onRendered, success) => {
    const choices = column.choices.length ? ['', ...column.choices, words.blank] : null
    const field = document.createElement(choices ? 'select' : 'input')
    field.className = 'qm-filter'
    field.setAttribute('aria-label', `${words.filter} ${column.title}`)
    if (choices) {
      field.replaceChildren(...choices.map((choice) => new Option(choice || words.all, choice)))
    } else {
      Object.assign(field, { type: 'search', autocomplete: 'off', placeholder: words.filter })
    }
    field.value = question.filters[column.code] || ''
    let wait = 0
    const go = () => {
      if ((question.filters[column.code] || '') === field.value.trim()) return
      if (field.value.trim()) question.filters[column.code] = field.value.trim()
      else delete question.filters[column.code]
      success(field.value.trim())
    }
    field.addEventListener('change', go)
    field.addEventListener('input', (event) => {
      clearTimeout(wait)
      if (!event.isComposing) wait = setTimeout(go, 350)
    })
    field.addEventListener('keydown', (event) => event.stopPropagation())
    field.addEventListener('click', (event) => event.stopPropagation())
    return field
  }
}

function makeColumns({ boot, byCode, question, work, frozen, opened }) {
  const { words } = boot
  const scale = document.documentElement.hasAttribute('data-large') ? 1.3 : 1
  const open = {
    field: '_open', title: `<span class="visually-hidden">${words.open}</span>`, width: 40 * scale, headerSort: false,
    resizable: false, frozen: true, cssClass: 'qm-open-row', print: false,
    formatter: () => document.createTextNode('›'), cellClick: (event, cell) => opened(cell.getRow()),
  }
  const shown = question.columns.map((code) => byCode[code]).map((column, place) => ({
    field: column.code,
    title: column.title,
    width: Math.round(column.width * scale),
    minWidth: 56,
    frozen: place < frozen,
    headerSort: column.sorts,
    hozAlign: column.number ? 'right' : 'left',
    cssClass: column.edits ? '' : 'qm-fixed',
    headerFilter: column.filters ? filterField(column, question, words) : undefined,
    headerFilterEmptyCheck: () => false,
    headerFilterLiveFilter: false, // the field above says when
    formatter: (cell) => work.draw(cell),
    formatterPrint: (cell) => String(cell.getValue() ?? ''),
  }))
  return [open, ...shown]
}

// The library scrolls its rows in an element of no role: for whoever hears the page it is the group of rows itself.
function sayRoles(element) {
  element.removeAttribute('aria-owns')
  element.querySelector('.tabulator-tableholder').setAttribute('role', 'rowgroup')
  element.querySelector('.tabulator-table').setAttribute('role', 'presentation')
}

export function makeTable(element, parts) {
  const { boot, question, work, tell, pages } = parts
  const { words, urls } = boot
  let last = { data: [], last_page: 1, last_row: 0 }

  async function request(url, config, params) {
    const sorter = (params.sort || [])[0]
    question.sort = sorter ? `${sorter.dir === 'desc' ? '-' : ''}${sorter.field}` : ''
    try {
      last = await ask(url, { ...question, page: params.page, size: params.size })
      tell(say(words.rows, { total: last.last_row }))
    } catch (error) {
      tell(error instanceof Refused ? `${error.problem.what}${error.problem.do_next}` : words.offline, true)
    }
    return last
  }

  const sort = question.sort.replace(/^-/, '')
  const table = new Tabulator(element, {
    index: 'id',
    height: '100%',
    layout: 'fitData',
    renderVertical: 'basic',
    printAsHtml: true, // paper has every row of the page and every column, not what fits into the window
    printRowRange: 'active',
    columns: makeColumns(parts),
    nestedFieldSeparator: false,
    movableColumns: true,
    ajaxURL: urls['rows'],
    ajaxRequestFunc: request,
    pagination: true,
    paginationElement: pages, // outside: a grid holds rows and nothing else
    paginationMode: 'remote',
    paginationSize: boot.size,
    paginationSizeSelector: [50, 100, 200],
    paginationCounter: false,
    sortMode: 'remote',
    filterMode: 'remote',
    headerSortTristate: true,
    initialSort: sort ? [{ column: sort, dir: question.sort.startsWith('-') ? 'desc' : 'asc' }] : [],
    placeholder: words.empty,
    locale: 'here',
    langs: {
      here: {
        headerFilters: { default: words.filter },
        data: { loading: words.loading, error: words.loading },
        pagination: {
          page_size: words.size, first: words.first, first_title: words.first, last: words.last, last_title: words.last,
          prev: words.previous, prev_title: words.previous, next: words.next, next_title: words.next,
        },
      },
    },
    rowFormatter: (row) => row.getElement().classList.toggle('qm-locked-row', Boolean(row.getData().locked)),
  })
  table.on('tableBuilt', () => sayRoles(element))
  table.on('columnMoved', (column, columns) => {
    question.columns = columns.map((one) => one.getField()).filter((code) => code !== '_open')
  })
  return table
}
makeTable.columns = makeColumns
