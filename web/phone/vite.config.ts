import { VantResolver } from '@vant/auto-import-resolver'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'

// The phone app under /m/; the service worker keeps code only, personal data never enters its cache.
export default defineConfig({
  root: 'phone',
  base: '/m/',
  logLevel: 'error',
  build: {
    outDir: `${process.env.QM_WEB_OUT || '../../qiaomen/webroot'}/m`,
    emptyOutDir: true,
    target: ['chrome87', 'safari14'],
  },
  plugins: [
    // Vant's icon font names a host on the internet; we draw our own icons and ask nobody
    { name: 'no-remote-font', enforce: 'pre', transform: (code, id) => (/vant.*icon.*\.css/.test(id) ? code.replace(/@font-face\s*\{[^}]*\}/g, '') : null) },
    vue(),
    Components({ dts: false, resolvers: [VantResolver()] }),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'sw.ts',
      injectRegister: false,
      manifest: {
        name: '敲门', short_name: '敲门', lang: 'zh-CN', start_url: '/m/', scope: '/m/', display: 'standalone',
        theme_color: '#0f6b6b', background_color: '#f5f7f6',
        icons: [
          { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: 'icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
        ],
      },
      injectManifest: { globPatterns: ['**/*.{js,css,html,svg,png,webmanifest}'] },
    }),
  ],
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
})
