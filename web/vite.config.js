import { defineConfig } from 'vite'

// Fixed names: the templates ask for desk.css and desk.js; whitenoise serves them from webroot/static.
export default defineConfig({
  root: 'desk',
  base: './',
  logLevel: 'error',
  build: {
    outDir: `${process.env.QM_WEB_OUT || '../../qiaomen/webroot'}/static/desk`,
    emptyOutDir: true,
    target: ['chrome87', 'safari14'],
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      input: 'desk/desk.js',
      output: { entryFileNames: 'desk.js', assetFileNames: 'desk[extname]' },
    },
  },
})
