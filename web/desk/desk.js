// The desk reads and submits without this script; it adds search as you type and Ctrl+K.
import '@tabler/core/dist/css/tabler.min.css'
import 'hanamin/HanaMin.css' // only the ranges rare-only keeps; a browser fetches one when a page has such a character
import './desk.css'
import './shell.css'
import './family.css'
import './today.css'
import './print.css'
import './week.css'
import htmx from 'htmx.org'
import { watchSearch } from './search.js'
import { watchWeek } from './week.js'

htmx.config.allowEval = false // the content security policy forbids it, so say so before htmx tries
htmx.config.includeIndicatorStyles = false
Object.assign(window, { htmx })

const box = document.getElementById('qm-search')
const hits = document.getElementById('qm-hits')
if (box instanceof HTMLInputElement && hits) watchSearch(box, hits)
const move = document.getElementById('qm-move')
if (move instanceof HTMLFormElement) watchWeek(move)

// A table that is wider than its place is scrolled by the arrow keys, too
function reachTables() {
  for (const place of document.querySelectorAll('.table-responsive')) {
    if (place.scrollWidth > place.clientWidth) place.setAttribute('tabindex', '0')
    else place.removeAttribute('tabindex')
  }
}
reachTables()
window.addEventListener('resize', reachTables)

document.addEventListener('click', (event) => {
  if (event.target instanceof Element && event.target.closest('[data-print]')) window.print()
})

// 今天 leads to the page of a round to be printed at once
if (new URLSearchParams(window.location.search).get('print') === '1') {
  window.addEventListener('load', () => window.print())
}
