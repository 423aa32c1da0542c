// The desk reads and submits without this script; it adds search as you type and Ctrl+K.
import '@tabler/core/dist/css/tabler.min.css'
import './desk.css'
import htmx from 'htmx.org'

htmx.config.allowEval = false // the content security policy forbids it, so say so before htmx tries
htmx.config.includeIndicatorStyles = false
window.htmx = htmx

document.addEventListener('keydown', (event) => {
  if (event.isComposing) return // a Chinese input method is at work
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
    const box = document.getElementById('qm-search')
    if (box) {
      event.preventDefault()
      box.focus()
      box.select()
    }
  }
})

document.addEventListener('click', (event) => {
  if (event.target.closest('[data-print]')) window.print()
})
