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

// A table wider than its place is scrolled by the arrow keys, too: whatever makes it wide or narrow, the window,
// larger letters, a fold that opens, or rows that came later
const widths = new ResizeObserver((changed) => {
  for (const { target } of changed) {
    const place = target.closest('.table-responsive')
    if (!place) continue // taken out of the page
    if (place.scrollWidth > place.clientWidth) place.setAttribute('tabindex', '0')
    else place.removeAttribute('tabindex')
  }
})
/** @param {ParentNode} root */
function reachTables(root) {
  for (const part of root.querySelectorAll('.table-responsive, .table-responsive > *')) widths.observe(part)
}
reachTables(document)
document.addEventListener('htmx:load', (event) => {
  if (event.target instanceof Element) reachTables(event.target.parentElement ?? document)
})

document.addEventListener('click', (event) => {
  if (event.target instanceof Element && event.target.closest('[data-print]')) window.print()
})

// 今天 leads to the page of a round to be printed at once
if (new URLSearchParams(window.location.search).get('print') === '1') {
  window.addEventListener('load', () => window.print())
}
