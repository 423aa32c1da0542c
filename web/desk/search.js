// The search box: Ctrl+K or / to reach it, arrows and Enter to open a hit, Enter alone the only one, Esc to close.
// An input method is never disturbed.

/** @param {EventTarget | null} node */
const typing = (node) =>
  node instanceof HTMLElement && (node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName))

/**
 * @param {HTMLInputElement} box where a person types
 * @param {HTMLElement} list where the hits stand
 */
export function watchSearch(box, list) {
  let chosen = -1
  const options = () => [.../** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll('[role="option"]'))]

  /** Whether what is typed has one answer, and the list is the answer to it. */
  const only = () => {
    const answered = /** @type {HTMLElement | null} */ (list.querySelector('[data-text]'))?.dataset.text
    return options().length === 1 && answered === box.value.trim()
  }

  /** @param {number} place */
  function choose(place) {
    const all = options()
    chosen = (place + all.length) % all.length
    all.forEach((option, index) => {
      option.id = `qm-hit-${index}`
      option.setAttribute('aria-selected', String(index === chosen))
    })
    box.setAttribute('aria-activedescendant', `qm-hit-${chosen}`)
    all[chosen].scrollIntoView({ block: 'nearest' })
  }

  /** @param {boolean} open */
  function show(open) {
    list.hidden = !open
    box.setAttribute('aria-expanded', String(open && options().length > 0))
    if (!open) forget()
  }

  function forget() {
    chosen = -1
    box.removeAttribute('aria-activedescendant')
    options().forEach((option) => option.setAttribute('aria-selected', 'false'))
  }

  // while characters are being composed, htmx must not see the letters; it hears once, when the word is there
  box.addEventListener('input', (event) => {
    if (/** @type {InputEvent} */ (event).isComposing) event.stopImmediatePropagation()
  }, true)
  box.addEventListener('compositionend', () => {
    setTimeout(() => box.dispatchEvent(new Event('input', { bubbles: true })))
  })

  list.addEventListener('htmx:afterSwap', () => { forget(); show(true) })
  box.addEventListener('focus', () => { if (options().length) show(true) })

  box.addEventListener('keydown', (event) => {
    if (event.isComposing || event.keyCode === 229) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!options().length) return
      event.preventDefault()
      show(true)
      choose(event.key === 'ArrowDown' ? chosen + 1 : Math.max(chosen, 0) - 1)
    } else if (event.key === 'Enter' && !list.hidden && (chosen >= 0 || only())) {
      event.preventDefault()
      options()[Math.max(chosen, 0)].querySelector('a')?.click()
    } else if (event.key === 'Escape') {
      event.preventDefault()
      if (list.hidden || !options().length) box.blur()
      show(false)
    }
  })

  document.addEventListener('keydown', (event) => {
    if (event.isComposing || event.keyCode === 229 || event.altKey) return
    const command = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k'
    const slash = event.key === '/' && !event.ctrlKey && !event.metaKey && !typing(event.target)
    if (!command && !slash) return
    event.preventDefault()
    box.focus()
    box.select()
  })
  document.addEventListener('click', (event) => {
    if (!box.form?.contains(/** @type {Node} */ (event.target))) show(false)
  })
}
