// The search box as a command bar: Ctrl+K or / to reach it; up and down choose a hit, left and right one of its acts;
// Enter opens what is chosen, or the only hit; Esc closes. An input method is never disturbed.

/** @param {EventTarget | null} node */
const typing = (node) =>
  node instanceof HTMLElement && (node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName))

/**
 * @param {HTMLInputElement} box where a person types
 * @param {HTMLElement} list where the hits stand
 */
export function watchSearch(box, list) {
  /** @type {HTMLElement | null} */
  let chosen = null

  /** @param {string} which @param {ParentNode} within */
  const options = (which, within = list) =>
    [.../** @type {NodeListOf<HTMLElement>} */ (within.querySelectorAll(`a[role="option"]${which}`))]
  const hits = () => options('.qm-hit')

  /** Whether what is typed has one answer, and the list is the answer to it. */
  const only = () => {
    const answered = /** @type {HTMLElement | null} */ (list.querySelector('[data-text]'))?.dataset.text
    return hits().length === 1 && answered === box.value.trim()
  }

  /** @param {HTMLElement | null} option */
  function choose(option) {
    for (const each of options('')) each.setAttribute('aria-selected', String(each === option))
    for (const group of list.querySelectorAll('.qm-found')) group.classList.toggle('qm-chosen', group.contains(option))
    chosen = option
    if (option) box.setAttribute('aria-activedescendant', option.id)
    else box.removeAttribute('aria-activedescendant')
    option?.scrollIntoView({ block: 'nearest' })
  }

  /** @param {boolean} open */
  function show(open) {
    list.hidden = !open
    box.setAttribute('aria-expanded', String(open && hits().length > 0))
    if (!open) choose(null)
  }

  /** Up or down from hit to hit, round and round. @param {number} step */
  function climb(step) {
    const all = hits()
    const group = chosen?.closest('.qm-found')
    const at = all.findIndex((hit) => hit === chosen || (group && hit.closest('.qm-found') === group))
    choose(all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length])
  }

  /** Left or right along the acts of the chosen hit; false where there is none. @param {number} step */
  function walk(step) {
    const group = chosen?.closest('.qm-found')
    if (!chosen || !group) return false
    const next = options('', group)[options('', group).indexOf(chosen) + step]
    if (next) choose(next)
    return true
  }

  // while characters are being composed, htmx must not see the letters; it hears once, when the word is there
  box.addEventListener('input', (event) => {
    if (/** @type {InputEvent} */ (event).isComposing) event.stopImmediatePropagation()
  }, true)
  box.addEventListener('compositionend', () => {
    setTimeout(() => box.dispatchEvent(new Event('input', { bubbles: true })))
  })

  list.addEventListener('htmx:afterSwap', () => {
    options('').forEach((option, index) => { option.id = `qm-hit-${index}` })
    choose(null)
    show(list.childElementCount > 0)
  })
  box.addEventListener('focus', () => { if (hits().length) show(true) })

  /** @type {Record<string, () => boolean>} */
  const keys = {
    ArrowDown: () => { show(true); climb(1); return true },
    ArrowUp: () => { show(true); climb(-1); return true },
    ArrowRight: () => walk(1),
    ArrowLeft: () => walk(-1),
    Enter: () => {
      const open = list.hidden ? null : chosen ?? (only() ? hits()[0] : null)
      open?.click()
      return Boolean(open)
    },
    Escape: () => {
      if (list.hidden || !hits().length) box.blur()
      show(false)
      return true
    },
  }
  box.addEventListener('keydown', (event) => {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return
    const empty = event.key.startsWith('Arrow') && !hits().length
    if (!empty && keys[event.key]?.()) event.preventDefault()
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
