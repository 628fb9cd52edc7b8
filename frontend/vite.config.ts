import { defineConfig, type Plugin } from 'vite';

/** `make dev`: Vite stands in front of TensorBoard, because the page's policy refuses another origin. */
const tensorboard = process.env.TENSORBOARD ?? 'http://localhost:6006';
const PLUGIN = '/data/plugin/layerscope';

/** Answers TensorBoard's `import('./index.js')` with the sources; a change of them reloads the plugin's frame. */
function sourcesForTheBundle(): Plugin {
  return {
    name: 'layerscope-sources-for-the-bundle',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use(`${PLUGIN}/index.js`, (_request, response) => {
        response.setHeader('Content-Type', 'text/javascript');
        response.end("import '/@vite/client'; export * from '/src/index.ts';");
      });
    },
  };
}

export default defineConfig({
  base: './',
  plugins: [sourcesForTheBundle()],
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
  worker: { format: 'es', rolldownOptions: { output: { entryFileNames: 'static/[name]-[hash].js' } } },
  server: {
    strictPort: true,
    proxy: {
      // All but the sources is TensorBoard's; its policy would refuse Vite's inline scripts.
      [`^/(?!@|src/|node_modules/|gallery|${PLUGIN.slice(1)}/index\\.js)`]: {
        target: tensorboard,
        configure: (proxy) => {
          proxy.on('proxyRes', (answer) => {
            delete answer.headers['content-security-policy'];
          });
        },
      },
    },
  },
});
