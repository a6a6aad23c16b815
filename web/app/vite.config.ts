import { readdirSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { ahead } from './ahead.ts';
import { baseMap } from './baseMap.ts';
import { compress } from './compress.ts';
import { worker } from './worker.ts';

export default defineConfig({
  plugins: [svelte(), ahead('/index.html', '/src/start.ts'), baseMap(), worker(), compress()],
  build: {
    outDir: '../wwwroot',
    emptyOutDir: true,
    // Inlined files become data: addresses, which the content security policy of the service refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Pages that share what all of them need: what the counter has more, a patient's phone never loads.
    rolldownOptions: {
      input: readdirSync('.').filter((name) => name.endsWith('.html')),
      // What several pages of a patient's share is one file: over a slow network each file more costs a round trip.
      output: { codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: 'shared', test: /\/src\/(time|installed\/later|nearest\/(sentence|route|Acts|AddressLine|Emergency|Standing|Trouble)|live|words\/LanguageSwitch|Icon|SearchBox)/, minShareCount: 2 }] } },
    },
  },
  server: { proxy: { '/api': 'http://localhost:5080', '/hubs': { target: 'http://localhost:5080', ws: true } } },
  test: { include: ['src/**/*.test.ts'] },
});
