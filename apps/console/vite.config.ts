import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  // Relative to where the page says that it is: a proxy may serve it under a path of its own.
  base: './',
  plugins: [react()],
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    // The browser's own <link rel="modulepreload"> is enough for those that can do es2023.
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  server: { proxy: { '^/(api|v1|event-notifications|console/config.json)': 'http://127.0.0.1:4100' } },
});
