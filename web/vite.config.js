import { defineConfig } from 'vite'

/** Of the font for rare characters keep the ranges a system's own font may lack: extensions A to F, compatibility. */
const rareOnly = {
  name: 'rare-only',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('hanamin/HanaMin.css')) return
    const rare = /CJK-(Unified-Ideographs-Extension|Compatibility-Ideographs)/
    return code.split('@font-face').filter((face) => rare.test(face)).map((face) => `@font-face${face}`).join('')
  },
}

// Fixed names: the templates ask for desk.css and desk.js, the grid's page for grid.css and grid.js as well;
// whitenoise serves them from webroot/static. The grid is its own entry, so that no other page loads it.
export default defineConfig({
  root: 'desk',
  base: './',
  logLevel: 'error',
  plugins: [rareOnly],
  build: {
    outDir: `${process.env.QM_WEB_OUT || '../../qiaomen/webroot'}/static/desk`,
    emptyOutDir: true,
    target: ['chrome87', 'safari14'],
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      input: { desk: 'desk/desk.js', grid: 'desk/grid/grid.js' },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js', assetFileNames: '[name][extname]' },
    },
  },
})
