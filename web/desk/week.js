/**
 * The week on one page: a stairwell is dragged to another walk. What is dropped fills the form that can be typed into,
 * and sends it.
 * @param {HTMLFormElement} form
 */
export function watchWeek(form) {
  /** @type {{ stairs: string, walk: string } | null} */
  let held = null
  document.addEventListener('dragstart', (event) => {
    const item = event.target instanceof Element ? event.target.closest('[data-stairs]') : null
    held = item instanceof HTMLElement ? { stairs: item.dataset.stairs ?? '', walk: item.dataset.walk ?? '' } : null
    if (held && event.dataTransfer) event.dataTransfer.setData('text/plain', held.stairs)
  })
  document.addEventListener('dragend', () => { held = null; mark(null) })
  document.addEventListener('dragover', (event) => {
    const cell = held && slotOf(event.target)
    mark(cell || null)
    if (cell) event.preventDefault() // only a walk of today or later takes it
  })
  document.addEventListener('drop', (event) => {
    const cell = slotOf(event.target)
    if (!held || !cell) return
    event.preventDefault()
    fill(form, 'stairs', held.stairs)
    fill(form, 'walk', held.walk)
    fill(form, 'to', cell.dataset.slot ?? '')
    form.requestSubmit()
  })
}

/** @param {EventTarget | null} target @returns {HTMLElement | null} */
function slotOf(target) {
  return target instanceof Element ? target.closest('[data-slot]') : null
}

/** @param {HTMLElement | null} cell */
function mark(cell) {
  for (const one of document.querySelectorAll('.qm-drop')) one.classList.toggle('qm-drop', one === cell)
  if (cell) cell.classList.add('qm-drop')
}

/** @param {HTMLFormElement} form @param {string} name @param {string} value */
function fill(form, name, value) {
  const field = form.elements.namedItem(name)
  if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = value
}
