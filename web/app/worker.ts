import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { build, type Plugin, type Rolldown } from 'vite';

/** Pages of those who work at a desk: a patient's phone keeps nothing of them. */
const DESKS = new Set(['counter.html', 'oncall.html', 'coverage.html']);

/** Writes /sw.js into the build: the service worker, which knows by name what the patient's pages load at once, and by a digest of these names which build it is of. */
export function worker(): Plugin {
  return {
    name: 'worker',
    apply: 'build',
    writeBundle: {
      order: 'pre',
      sequential: true,
      async handler({ dir }, bundle) {
        if (dir === undefined) throw new Error('The build names no output directory.');
        const shell = shellOf(bundle);
        const version = createHash('sha256').update(JSON.stringify(shell)).digest('hex').slice(0, 12);
        await build({
          configFile: false,
          logLevel: 'warn',
          publicDir: false,
          define: { __SHELL__: JSON.stringify(shell), __VERSION__: JSON.stringify(version) },
          build: {
            outDir: dir,
            emptyOutDir: false,
            modulePreload: false,
            rolldownOptions: { input: join(import.meta.dirname, 'src/installed/sw.ts'), output: { format: 'iife', entryFileNames: 'sw.js' } },
          },
        });
      },
    },
  };
}

// The fingerprinted files that the pages' own HTML names, and the scripts that these import at once; what is fetched later is kept when it comes.
function shellOf(bundle: Rolldown.OutputBundle): string[] {
  const kept = new Set<string>();
  for (const file of Object.values(bundle))
    if (file.type === 'asset' && file.fileName.endsWith('.html') && !DESKS.has(file.fileName))
      for (const [, name] of String(file.source).matchAll(/"\/(assets\/[^"]+)"/g)) if (name !== undefined) keep(name);
  return [...kept].map((name) => `/${name}`).sort();

  function keep(name: string): void {
    if (kept.has(name)) return;
    kept.add(name);
    const file = bundle[name];
    if (file?.type === 'chunk') file.imports.forEach(keep);
  }
}
