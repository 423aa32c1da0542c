import { createApp } from 'vue'
import App from './App.vue'
import './style.css'
import { begin, lock } from './account'
import { phone } from './state'
import { beginAlone } from './tabs'

const mount = () => createApp(App).mount('#app')
// a window that is taken over again begins where the lock is; what it watches it watches already
let begun = false
async function start() {
  if (begun) return phone.begin()
  begun = true
  return begin()
}
if (isSecureContext && 'indexedDB' in window) void beginAlone(start, lock).then(mount, mount)
else mount()
if ('serviceWorker' in navigator) void navigator.serviceWorker.register('/m/sw.js', { scope: '/m/' })
