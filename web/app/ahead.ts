import type { Plugin, Rollup } from 'vite';

/**
 * The first page begins with a small script that asks for what a link leads to and then loads the page itself. So that the page's own files are not found out only then, the
 * document names them: its scripts to be fetched ahead, its styles as if they were its own.
 */
export function ahead(page: string, start: string): Plugin {
  return {
    name: 'ahead',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { path, bundle }) {
        if (path !== page || bundle === undefined) return [];
        const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
        const first = chunks.find((chunk) => chunk.facadeModuleId?.endsWith(start) ?? false);
        if (first === undefined) throw new Error(`${page} does not load ${start}.`);
        const all = [first, ...chunks.filter((chunk) => first.imports.includes(chunk.fileName))];
        const isNew = (file: string) => !html.includes(`/${file}`);
        return [...new Set(all.map((chunk) => chunk.fileName))].filter(isNew).map(script).concat([...new Set(all.flatMap(stylesOf))].filter(isNew).map(style));
      },
    },
  };
}

function stylesOf(chunk: Rollup.OutputChunk): string[] {
  return [...(chunk.viteMetadata?.importedCss ?? [])];
}

function script(file: string): { tag: string; attrs: Record<string, string | true>; injectTo: 'head' } {
  return { tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` }, injectTo: 'head' };
}

function style(file: string): { tag: string; attrs: Record<string, string | true>; injectTo: 'head' } {
  return { tag: 'link', attrs: { rel: 'stylesheet', crossorigin: true, href: `/${file}` }, injectTo: 'head' };
}
