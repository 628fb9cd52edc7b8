import { defineConfig } from 'vite';

/** `make dev` puts Vite in front and TensorBoard behind it, because the page's policy refuses another origin. */
const tensorboard = process.env.TENSORBOARD ?? 'http://localhost:6006';

export default defineConfig({
  base: './',
  build: {
    outDir: '../tb_plugin/static',
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { index: 'src/index.ts' },
      // TensorBoard imports index.js and calls its render(): the entry keeps its name and its export.
      preserveEntrySignatures: 'exports-only',
      output: {
        entryFileNames: 'index.js',
        chunkFileNames: 'static/[name]-[hash].js',
        assetFileNames: 'static/[name]-[hash][extname]',
      },
    },
  },
  worker: { format: 'es' },
  server: {
    strictPort: true,
    proxy: { '^/(?!data/plugin/layerscope/(index\\.js|static/)|src/|node_modules/|@|gallery)': { target: tensorboard } },
  },
});
