import { createApp } from 'vue'
import 'vant/es/style/base.css'
import './style.css'
import App from './App.vue'
import Unsupported from './screens/Unsupported.vue'
import { watchHash } from './route'
import { begin } from './store'
import { here } from './support'

const why = here()
if (why) {
  createApp(Unsupported, { why }).mount('#app')
} else {
  watchHash()
  if (import.meta.env.PROD) void navigator.serviceWorker.register('/m/sw.js', { scope: '/m/' })
  void begin().then(() => createApp(App).mount('#app'))
}
