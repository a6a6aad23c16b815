import { readdirSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { baseMap } from './baseMap.ts';
import { compress } from './compress.ts';
import { worker } from './worker.ts';

export default defineConfig({
  plugins: [svelte(), baseMap(), worker(), compress()],
  build: {
    outDir: '../wwwroot',
    emptyOutDir: true,
    // Inlined files become data: addresses, which the content security policy of the service refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Pages that share what all of them need: what the counter has more, a patient's phone never loads.
    rolldownOptions: { input: readdirSync('.').filter((name) => name.endsWith('.html')) },
  },
  server: { proxy: { '/api': 'http://localhost:5080', '/hubs': { target: 'http://localhost:5080', ws: true } } },
  test: { include: ['src/**/*.test.ts'] },
});
