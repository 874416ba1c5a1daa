/** The source tree is a test: who may import whom, what pure folders may not name, headers, dead files, safe pages, a clean lock file. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Folder → the folders it may import beside itself. What is not named may be imported by `app` and the entries only. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  model: ['base'],
  machines: ['base', 'model'],
  protocols: ['base', 'model', 'machines'],
  compute: ['base', 'model', 'machines'],
  storage: ['base', 'model', 'machines'],
  engine: ['base', 'model', 'machines'],
  trace: ['base', 'model'],
  hosts: ['base', 'model', 'machines', 'protocols', 'compute', 'storage'],
  scenario: ['base', 'model', 'machines', 'protocols', 'compute', 'storage', 'hosts', 'engine', 'trace'],
  explain: ['base', 'model', 'trace'],
  ui: ['base'],
  views: ['base', 'model', 'trace', 'explain', 'ui'],
  export: ['base', 'model', 'trace', 'explain', 'protocols'],
  learn: ['base', 'model', 'trace', 'explain', 'scenario', 'ui'],
};

/** Folder → the packages it may import. `app` and the entries may import every runtime dependency. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  machines: ['xstate'], protocols: ['xstate'], compute: ['xstate'], storage: ['xstate'], hosts: ['xstate'],
  scenario: ['valibot'], ui: ['d3', 'svelte'], views: ['d3', 'svelte'], learn: ['svelte', 'valibot', 'xstate'],
  export: ['@noble'],
};

/** Where parts of one folder stand side by side and do not know each other; `registry.ts` joins them. */
const SIBLINGS = ['protocols', 'views'];

const PURE = ['base', 'model', 'machines', 'protocols', 'compute', 'storage', 'hosts', 'engine', 'trace', 'explain', 'scenario'];
/** Programs for people who build, and registries that load lazily: each with what it may do all the same. */
const EXCEPT: Readonly<Record<string, readonly ('imports' | 'waits' | 'node' | 'all')[]>> = {
  'machines/list.ts': ['imports', 'waits'],
  'machines/generate.ts': ['all'],
  'scenario/worker.ts': ['all'],
  'scenario/catalogue.ts': ['waits'],
  'scenario/load.ts': ['waits'],
  'scenario/run.ts': ['waits'],
  'hosts/registry.ts': ['waits'],
};
const MATHS = ['sqrt', 'min', 'max', 'abs', 'floor', 'ceil', 'round', 'trunc', 'sign', 'imul', 'clz32', 'fround'];
const BANNED_NAMES = new Set([
  'Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'requestAnimationFrame', 'Promise', 'document',
  'window', 'localStorage', 'sessionStorage', 'indexedDB', 'navigator', 'location', 'globalThis', 'process', 'fetch', 'crypto', 'Intl',
]);
const BANNED_MEMBERS = /^(toLocale\w*|localeCompare)$/;
const ENTRIES = ['main.ts', 'embed.ts', 'how-true.ts', 'cli.ts', 'present.ts', 'machines/generate.ts', 'dev/generate-schema.ts'];

/** Package families that may be needed at run time. */
const FAMILIES = ['svelte', 'd3', 'xstate', 'zustand', 'valibot', '@noble', '@codemirror', '@lezer', '@dagrejs'];

const LONGEST = { ts: 350, svelte: 200 };

interface Module {
  /** Path under the root, with `/`. */
  readonly path: string;
  /** Path under `src`, or null for a file of the tests. */
  readonly inSrc: string | null;
  readonly folder: string;
  readonly text: string;
  readonly syntax: ts.SourceFile;
  readonly imports: readonly Import[];
}

interface Import {
  readonly from: string;
  /** Nothing of it is left when it runs. */
  readonly typeOnly: boolean;
  readonly names: readonly string[];
  readonly line: number;
}

function filesBelow(folder: string): string[] {
  const full = join(root, folder);
  if (!existsSync(full)) return [];
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/** The scripts of a component; all else becomes blank, so that line numbers stay. */
function scriptsOf(text: string): string {
  let kept = '';
  let end = 0;
  const blank = (part: string) => part.replace(/[^\n]/g, ' ');
  for (const match of text.matchAll(/(<script\b[^>]*>)([\s\S]*?)<\/script>/g)) {
    const start = match.index + match[1]!.length;
    kept += blank(text.slice(end, start)) + match[2]!;
    end = start + match[2]!.length;
  }
  return kept + blank(text.slice(end));
}

function importsOf(syntax: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const add = (node: ts.Node, from: string, typeOnly: boolean, names: readonly string[] = []) =>
    found.push({ from: from.replace(/\?.*$/, ''), typeOnly, names, line: lineOf(syntax, node) });
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const clause = node.importClause;
      const bindings = clause?.namedBindings;
      const named = bindings && ts.isNamedImports(bindings) ? bindings.elements.filter((e) => !e.isTypeOnly).map((e) => (e.propertyName ?? e.name).text) : [];
      const whole = bindings && ts.isNamespaceImport(bindings) ? ['*'] : [];
      const names = [...(clause?.name ? ['default'] : []), ...named, ...whole];
      const typeOnly = clause?.isTypeOnly === true || (clause !== undefined && names.length === 0);
      add(node, node.moduleSpecifier.text, typeOnly, names);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node, node.moduleSpecifier.text, node.isTypeOnly, ['*']);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
      add(node, node.argument.literal.text, true);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword && node.arguments[0] && ts.isStringLiteralLike(node.arguments[0])) {
      add(node, node.arguments[0].text, false, ['*']);
    } else if (ts.isNewExpression(node) && node.expression.getText(syntax) === 'URL' && node.arguments?.[1]?.getText(syntax) === 'import.meta.url'
      && ts.isStringLiteralLike(node.arguments[0]!)) {
      add(node, node.arguments[0].text, false, ['*']);
    } else if (ts.isCallExpression(node) && node.expression.getText(syntax) === 'import.meta.glob' && node.arguments[0]) {
      const patterns = ts.isArrayLiteralExpression(node.arguments[0]) ? [...node.arguments[0].elements] : [node.arguments[0]];
      for (const pattern of patterns) if (ts.isStringLiteralLike(pattern)) add(node, pattern.text, false, ['*']);
    }
    ts.forEachChild(node, visit);
  };
  visit(syntax);
  return found;
}

const lineOf = (syntax: ts.SourceFile, node: ts.Node) => syntax.getLineAndCharacterOfPosition(node.getStart(syntax)).line + 1;

const modules: Module[] = [...filesBelow('src'), ...filesBelow('test')].filter((path) => /\.(ts|mjs|svelte)$/.test(path)).map((path) => {
  const text = readFileSync(join(root, path), 'utf8');
  const syntax = ts.createSourceFile(path, path.endsWith('.svelte') ? scriptsOf(text) : text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
  const inSrc = path.startsWith('src/') ? path.slice(4) : null;
  return { path, inSrc, folder: inSrc?.includes('/') ? inSrc.slice(0, inSrc.indexOf('/')) : '', text, syntax, imports: importsOf(syntax) };
});
const byPath = new Map(modules.map((module) => [module.path, module]));
const sources = modules.filter((module) => module.inSrc !== null);
const may = (module: Module, what: 'imports' | 'waits' | 'node') =>
  (EXCEPT[module.inSrc ?? ''] ?? []).some((allowed) => allowed === what || allowed === 'all');

/** The files that a relative import means; none where it names no file of ours (styles, JSON). */
function targetsOf(module: Module, from: string): string[] {
  const path = from.startsWith('/') ? from.slice(1) : posix.normalize(posix.join(posix.dirname(module.path), from));
  if (path.includes('*')) {
    const pattern = path.split(/(\*\*\/|\*)/).map((part) =>
      part === '**/' ? '(?:.*/)?' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('');
    return [...byPath.keys()].filter((key) => new RegExp(`^${pattern}$`).test(key));
  }
  const stem = path.replace(/\.(js|ts)$/, '');
  const found = [path, `${stem}.ts`, `${path}.ts`, `${path}/index.ts`, `${path}.svelte`].find((candidate) => byPath.has(candidate));
  return found ? [found] : [];
}

const isRelative = (from: string) => from.startsWith('.') || from.startsWith('/');
const familyOf = (from: string) => (from.startsWith('d3-') ? 'd3' : from.split('/')[0]!);
const isNode = (from: string) => from.startsWith('node:') || builtinModules.includes(from);

describe('imports', () => {
  it('go downwards only', () => {
    const wrong: string[] = [];
    for (const module of sources) {
      const allowed = MAY_IMPORT[module.folder];
      if (!allowed || may(module, 'imports')) continue;
      for (const { from, line } of module.imports.filter((one) => isRelative(one.from))) {
        const target = posix.normalize(posix.join(posix.dirname(module.path), from));
        const folder = /^src\/([^/]+)\//.exec(`${target}/`)?.[1] ?? target;
        if (folder === module.folder || allowed.includes(folder)) continue;
        // Facts and files beside the source (scenarios, package.json) are data.
        if (!target.startsWith('src/') && !target.startsWith('test/')) continue;
        wrong.push(`${module.path}:${line}: ${module.folder} may not import ${folder} (${from})`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('do not cross between protocols or between views', () => {
    const wrong: string[] = [];
    for (const module of sources) {
      if (!SIBLINGS.includes(module.folder) || /^\w+\/registry\.ts$/.test(module.inSrc!)) continue;
      const own = module.inSrc!.split('/')[1];
      for (const { from, line } of module.imports.filter((one) => isRelative(one.from))) {
        const [, folder, part, rest] = posix.normalize(posix.join(posix.dirname(module.path), from)).split('/');
        // A file that stands directly in the folder is shared by its parts.
        if (folder === module.folder && part !== own && rest !== undefined) wrong.push(`${module.path}:${line}: ${from} is a sibling; move the shared word down`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('of views take only types and constants from the model', () => {
    const wrong: string[] = [];
    for (const module of sources.filter(({ folder }) => folder === 'views')) {
      for (const { from, names, typeOnly, line } of module.imports) {
        if (typeOnly || !/^(\.\.\/)+model\//.test(from)) continue;
        const others = names.filter((name) => !/^[A-Z][A-Z0-9_]*$/.test(name));
        if (others.length > 0) wrong.push(`${module.path}:${line}: ${others.join(', ')} of ${from}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('name packages that their folder may use', () => {
    const wrong: string[] = [];
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
    const ours = new Set(Object.keys(dependencies).map(familyOf));
    for (const module of sources.filter(({ folder }) => folder !== 'dev')) {
      const limited = module.folder in MAY_IMPORT;
      for (const { from, line, typeOnly } of module.imports.filter((one) => !isRelative(one.from))) {
        if (isNode(from)) {
          if (!typeOnly && !may(module, 'node') && module.inSrc !== 'cli.ts') wrong.push(`${module.path}:${line}: ${from} is of Node only`);
        } else if (!ours.has(familyOf(from))) {
          wrong.push(`${module.path}:${line}: ${from} is not a runtime dependency`);
        } else if (limited && !may(module, 'imports') && !(MAY_USE[module.folder] ?? []).includes(familyOf(from))) {
          wrong.push(`${module.path}:${line}: ${module.folder} may not use ${from}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('have no file ending', () => {
    const wrong = modules.flatMap((module) => module.imports
      .filter(({ from }) => isRelative(from) && /\.(ts|js)$/.test(from) && !from.includes('*') && !/\bworker\.(ts|js)$/.test(from))
      .map(({ from, line }) => `${module.path}:${line}: ${from}`));
    expect(wrong).toEqual([]);
  });
});

describe('pure folders', () => {
  /** Names that the file declares itself: a parameter `window` is TCP's window. */
  const declaredIn = (syntax: ts.SourceFile) => {
    const names = new Set<string>();
    const visit = (node: ts.Node): void => {
      if ((ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node) || ts.isImportSpecifier(node)
        || ts.isFunctionDeclaration(node) || ts.isInterfaceDeclaration(node)) && node.name && ts.isIdentifier(node.name)) names.add(node.name.text);
      ts.forEachChild(node, visit);
    };
    visit(syntax);
    return names;
  };

  /** A name that stands for a value or type, not for a member or key. */
  const isReference = (node: ts.Identifier) => {
    const parent = node.parent;
    if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
    if (ts.isQualifiedName(parent)) return parent.left === node;
    if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false;
    return !('name' in parent && parent.name === node && !ts.isShorthandPropertyAssignment(parent));
  };

  const complaints = (module: Module): string[] => {
    const { syntax, path } = module;
    const declared = declaredIn(syntax);
    const waits = may(module, 'waits');
    const found: string[] = [];
    const complain = (node: ts.Node, what: string) => found.push(`${path}:${lineOf(syntax, node)}: ${what}`);
    const visit = (node: ts.Node): void => {
      if (ts.isBinaryExpression(node) && [ts.SyntaxKind.AsteriskAsteriskToken, ts.SyntaxKind.AsteriskAsteriskEqualsToken].includes(node.operatorToken.kind)) {
        complain(node, 'the operator **');
      }
      if (!waits && (ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.AsyncKeyword)) complain(node, 'async or await');
      if (ts.isPropertyAccessExpression(node) && BANNED_MEMBERS.test(node.name.text)) complain(node, node.name.text);
      if (ts.isIdentifier(node) && isReference(node) && !declared.has(node.text)) {
        const access = node.parent;
        if (node.text === 'Math' && !(ts.isPropertyAccessExpression(access) && MATHS.includes(access.name.text))) complain(node, access.getText(syntax).slice(0, 40));
        if (BANNED_NAMES.has(node.text) && !(waits && node.text === 'Promise')) complain(node, node.text);
      }
      ts.forEachChild(node, visit);
    };
    visit(syntax);
    return found;
  };

  it.each(PURE)('%s knows no clock, chance, page or waiting, and only exact arithmetic', (folder) => {
    const wrong = sources.filter((module) => module.folder === folder && !EXCEPT[module.inSrc!]?.includes('all')).flatMap(complaints);
    expect(wrong).toEqual([]);
  });
});

describe('pages', () => {
  const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
    [/\{@html\b/, '{@html}'],
    [/\b(?:inner|outer)HTML\b|\binsertAdjacentHTML\b|\bdocument\.write\b/, 'markup from text'],
    [/\bnew Function\b|\beval\(/, 'code from text'],
    [/(?:\.attr|setAttribute)\(\s*['"`]style['"`]/, 'a style attribute (refused by the policy)'],
  ];
  const lines = (path: string, text: string, pattern: RegExp, what: string) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${what}`] : []));
  const pages = readdirSync(root).filter((name) => name.endsWith('.html')).map((name) => ({ path: name, text: readFileSync(join(root, name), 'utf8') }));

  it('make no markup or code from text', () => {
    const wrong = sources.flatMap(({ path, text }) => FORBIDDEN.flatMap(([pattern, what]) => lines(path, text, pattern, what)));
    expect(wrong).toEqual([]);
  });

  it('have no static style attribute and no inline script', () => {
    const wrong = [...pages, ...sources.filter(({ path }) => path.endsWith('.svelte'))].flatMap(({ path, text }) => [
      ...lines(path, text, /\sstyle=(?:"[^"{]*"|'[^'{]*')/, 'a static style attribute'),
      ...(path.endsWith('.html') ? lines(path, text, /<script(?![^>]*\bsrc=)/, 'an inline script') : []),
    ]);
    expect(wrong).toEqual([]);
  });
});

describe('files', () => {
  it('start with a comment that says what they are', () => {
    const wrong = sources.filter(({ path, text, syntax }) => {
      const start = path.endsWith('.svelte') && !text.trimStart().startsWith('<!--') ? syntax.text : text;
      return !/^(?:#!.*\n)?\s*(?:\/\*|\/\/|<!--)/.test(start);
    });
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('are all reached from an entry or a test', () => {
    // Before the app stands, what only it would reach is not yet dead.
    const stands = byPath.get('src/main.ts')?.imports.some(({ from }) => from.startsWith('./app/'));
    const early = stands ? [] : ['app', 'views', 'ui', 'learn', 'export', 'explain'];
    const open = modules.filter(({ inSrc }) => inSrc === null || ENTRIES.includes(inSrc)).map(({ path }) => path);
    const reached = new Set(open);
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      const module = byPath.get(path)!;
      for (const target of module.imports.filter(({ from }) => isRelative(from)).flatMap(({ from }) => targetsOf(module, from))) {
        if (!reached.has(target)) {
          reached.add(target);
          open.push(target);
        }
      }
    }
    const dead = sources.filter(({ path, folder }) => !reached.has(path) && folder !== 'dev' && !early.includes(folder) && !path.endsWith('.d.ts'));
    expect(dead.map(({ path }) => path)).toEqual([]);
  });

  it('are short, or a warning says so', () => {
    for (const { path, text } of sources.filter((module) => !module.path.includes('.gen.'))) {
      const longest = path.endsWith('.svelte') ? LONGEST.svelte : LONGEST.ts;
      const length = text.split('\n').length - 1;
      if (length > longest) console.warn(`${path}: ${length} lines; above ${longest}, think of parting it`);
    }
  });

  it('name no machine, home or tool of those who wrote them', ({ skip }) => {
    if (!existsSync(join(root, '.git'))) skip('not a git checkout');
    // In pieces, so that this file does not name them either.
    const homes = ['wo' + 'rk', 'ro' + 'ot', 'ho' + 'me/[a-z]\\w*', 'Us' + 'ers/[A-Za-z]\\w*'].join('|');
    const tools = ['\\.lib' + 'rary/', 'cla' + 'ude', 'anth' + 'ropic', 'open' + 'ai', 'registry\\.npm' + 'js', 'C' + 'EO\\b'].join('|');
    const pattern = new RegExp(`(?<![\\w.:/)}*-])/(?:${homes})/|(?:${tools})`, 'i');
    const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 }).split('\0').filter(Boolean);
    const wrong: string[] = [];
    for (const path of tracked) {
      if (!existsSync(join(root, path))) continue;
      const text = readFileSync(join(root, path), 'utf8');
      if (text.includes('\0')) continue;
      const match = pattern.exec(text);
      if (match) wrong.push(`${path}:${text.slice(0, match.index).split('\n').length}: ${match[0]}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('packages', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };

  it('at run time are few and known', () => {
    const families = [...new Set(Object.keys(dependencies).map(familyOf))];
    expect(families.filter((family) => !FAMILIES.includes(family))).toEqual([]);
    expect(families.length).toBeLessThanOrEqual(10);
    expect(Object.keys(dependencies)).not.toContain('d3');
  });

  it('are locked without an address', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
    expect(lock.match(/"resolved": "(?:git\+)?(?:https?|ssh):[^"]*"/g) ?? []).toEqual([]);
  });
});
