import { VantResolver } from '@vant/auto-import-resolver'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { VitePWA } from 'vite-plugin-pwa'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { defineConfig } from 'vitest/config'

const OUT = `${process.env.QM_WEB_OUT || '../../qiaomen/webroot'}/m`
/** Beside every text file its .br and .gz: made once here, handed out as they are (whitenoise takes what a browser accepts). */
const compressed = {
  name: 'compressed', enforce: 'post' as const, apply: 'build' as const,
  closeBundle: {
    order: 'post' as const, sequential: true,
    handler() {
      const root = resolve(import.meta.dirname, OUT)
      for (const name of readdirSync(root, { recursive: true }) as string[]) {
        const path = join(root, name)
        if (!/\.(js|css|html|svg|webmanifest)$/.test(name) || statSync(path).size < 500) continue
        const content = readFileSync(path)
        writeFileSync(`${path}.br`, brotliCompressSync(content))
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }))
      }
    },
  },
}

// The phone app under /m/; the service worker keeps code only, personal data never enters its cache.
export default defineConfig({
  root: 'phone',
  base: '/m/',
  logLevel: 'error',
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: ['chrome87', 'safari14'],
  },
  plugins: [
    // Vant's icon font names a host on the internet; we draw our own icons and ask nobody
    {
      name: 'no-remote-font',
      enforce: 'pre',
      transform: (code, id) => (/vant.*icon.*\.css/.test(id) ? code.replace(/@font-face\s*\{[^}]*\}/g, '') : null),
    },
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
    compressed,
  ],
  test: { environment: 'node', include: ['src/**/*.test.ts'], server: { deps: { inline: [/vant/] } } },
})
