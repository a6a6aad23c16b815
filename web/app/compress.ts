import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXT = new Set(['.js', '.mjs', '.css', '.html', '.svg']);

/** Writes a .br and a .gz beside every text file of the build, so that the service compresses nothing while it answers. */
export function compress(): Plugin {
  return {
    name: 'compress',
    apply: 'build',
    writeBundle: ({ dir }) => {
      if (dir === undefined) throw new Error('The build names no output directory.');
      for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true }))
        if (entry.isFile() && TEXT.has(extname(entry.name))) compressFile(join(entry.parentPath, entry.name));
    },
  };
}

function compressFile(path: string): void {
  const text = readFileSync(path);
  writeFileSync(`${path}.br`, brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }));
  writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
}
