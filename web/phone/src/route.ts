/** The screen shown, kept in the address's hash so that the phone's own back key works. */

import { ref } from 'vue'

export type Screen = 'today' | 'buildings' | 'add' | 'me' | 'door' | 'record' | 'outbox' | 'login'
const SCREENS: readonly string[] = ['today', 'buildings', 'add', 'me', 'door', 'record', 'outbox', 'login']

function parse(): { screen: Screen; id: string } {
  const [name = '', id = ''] = location.hash.replace(/^#\/?/, '').split('/')
  return { screen: (SCREENS.includes(name) ? name : 'today') as Screen, id }
}

export const route = ref<{ screen: Screen; id: string }>({ screen: 'today', id: '' })

export function watchHash(): void {
  route.value = parse()
  addEventListener('hashchange', () => {
    route.value = parse()
    scrollTo(0, 0)
  })
}

export function go(screen: Screen, id = '', replace = false): void {
  const hash = `#/${screen}${id ? `/${id}` : ''}`
  if (replace) location.replace(hash)
  else location.hash = hash
}
