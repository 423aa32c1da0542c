import { createApp } from 'vue'
import App from './App.vue'
import './style.css'
import { begin } from './account'

const mount = () => createApp(App).mount('#app')
if (isSecureContext && 'indexedDB' in window) void begin().then(mount, mount)
else mount()
if ('serviceWorker' in navigator) void navigator.serviceWorker.register('/m/sw.js', { scope: '/m/' })
