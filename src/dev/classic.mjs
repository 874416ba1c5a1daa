/**
 * Builds a page as classic scripts. A frame without an origin (`sandbox="allow-scripts"`) may not load modules from a
 * plain static server: they are fetched with CORS. Classic scripts and styles are not. Law: the page's chunks become
 * functions in one small registry, in the order of their imports; `import()` adds a script element for a chunk of ours.
 */

/** The registry: one global, names of files relative to the first script. A policy of its own makes the addresses. */
const LOADER = `(() => {
  const base = document.currentScript.src.replace(/[^/]*$/, '');
  const makers = {}, made = {}, asked = {};
  const policy = self.trustedTypes ? trustedTypes.createPolicy('app-script', { createScriptURL: (name) => base + name }) : null;
  const need = (name) => {
    if (made[name]) return made[name].exports;
    const module = made[name] = { exports: {} };
    makers[name][1]((other) => need(other.replace(/^.*\\//, '')), module, module.exports);
    return module.exports;
  };
  const fetchOne = (name) => makers[name] ? Promise.resolve() : asked[name] ??= new Promise((resolve, reject) => {
    if (!/^[\\w.~-]+\\.js$/.test(name)) throw new Error('not a chunk of this page');
    const script = document.createElement('script');
    script.src = policy ? policy.createScriptURL(name) : base + name;
    script.onload = resolve;
    script.onerror = () => { delete asked[name]; reject(new Error(name + ' did not load')); };
    document.head.append(script);
  });
  const fetchAll = (name, seen = {}) => seen[name] ? Promise.resolve() : (seen[name] = true, fetchOne(name).then(() => Promise.all(makers[name][0].map((other) => fetchAll(other, seen)))));
  self.roundtripChunks = {
    add: (name, needs, make) => { makers[name] = [needs, make]; },
    load: (path) => { const name = path.replace(/^.*\\//, ''); return fetchAll(name).then(() => need(name)); },
  };
})();
`;

const nameOf = (file) => file.replace(/^.*\//, '');

/** The plugin of a build whose output format is `cjs`. */
export function classicScripts() {
  return {
    name: 'classic-scripts',
    apply: 'build',
    enforce: 'post',
    /** Before the minifier sees it, a chunk loads the others through the registry. */
    renderChunk(code, { moduleIds }) {
      // the text of a source file may speak of imports
      if (moduleIds.every((id) => id.endsWith('?raw'))) return null;
      const changed = code.replace(/Promise\.resolve\(\)\.then\(\s*\(\)\s*=>\s*require\(\s*(["'`][^"'`]+["'`])\s*\)\s*\)/g, 'roundtripChunks.load($1)');
      if (/(?<![\w$.])import\(|Promise\.resolve\(\)\.then\([^;]{0,40}require\(/.test(changed)) this.error('a dynamic import of this chunk cannot be made a classic script');
      return { code: changed, map: null };
    },
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        const name = JSON.stringify(nameOf(chunk.fileName));
        const needs = JSON.stringify(chunk.imports.map(nameOf));
        chunk.code = `${chunk.isEntry ? LOADER : ''}roundtripChunks.add(${name},${needs},(require,module,exports)=>{${chunk.code}\n});${chunk.isEntry ? `roundtripChunks.load(${name});` : ''}`;
      }
    },
    transformIndexHtml: {
      order: 'post',
      handler(html) {
        return html
          .replace(/<link rel="modulepreload"[^>]*>\s*/g, '')
          .replace(/<script type="module" crossorigin src="([^"]+)"><\/script>/g, '<script defer src="$1"></script>')
          .replace(/<link rel="stylesheet" crossorigin /g, '<link rel="stylesheet" ');
      },
    },
  };
}

/** After the main build: builds `page` once more into the same folder, as classic scripts, with the same plugins. */
export function classicPage(page, plugins, treeshake) {
  let outDir = 'dist', root = '.';
  return {
    name: 'classic-page',
    apply: 'build',
    configResolved(config) {
      ({ root, build: { outDir } } = config);
    },
    async closeBundle() {
      const { build } = await import('vite');
      await build({
        configFile: false, root, base: './', publicDir: false, logLevel: 'warn', plugins: [...plugins(), classicScripts()],
        build: {
          outDir, emptyOutDir: false, target: 'es2022', modulePreload: false, assetsInlineLimit: 0, cssCodeSplit: false,
          // the files of the two builds have the same names: their formats differ, so their folders do
          assetsDir: 'assets/classic',
          rolldownOptions: { treeshake, input: { [page.replace('.html', '')]: page }, output: { format: 'cjs' }, onLog: (level, log, say) => log.code !== 'EMPTY_IMPORT_META' && say(level, log) },
        },
      });
    },
  };
}
