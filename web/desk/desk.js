// The desk reads and submits without this script; it adds search as you type and Ctrl+K.
import '@tabler/core/dist/css/tabler.min.css'
import 'hanamin/HanaMin.css' // only the ranges rare-only keeps; a browser fetches one when a page has such a character
import './desk.css'
import htmx from 'htmx.org'
import { watchSearch } from './search.js'

htmx.config.allowEval = false // the content security policy forbids it, so say so before htmx tries
htmx.config.includeIndicatorStyles = false
window.htmx = htmx

const box = document.getElementById('qm-search')
if (box) watchSearch(box, document.getElementById('qm-hits'))

document.addEventListener('click', (event) => {
  if (event.target.closest('[data-print]')) window.print()
})
