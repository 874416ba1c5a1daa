/** How the site is built and how the tests run. Assets are relative, so the site works at any path. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
// @ts-expect-error plain JavaScript: also used by scripts that run before anything is installed
import { HEADERS, POLICY } from './src/dev/csp.mjs';
// @ts-expect-error plain JavaScript as well
import { classicPage } from './src/dev/classic.mjs';

const components = () => svelte({ configFile: false, compilerOptions: { runes: true, fragments: 'tree' } });

/** Puts the policy first into each built page, for hosts that cannot send headers. The development server needs inline styles and goes without. */
const policy = (): Plugin => ({
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY }, injectTo: 'head-prepend' },
  ],
});

/** Folders of functions and tables only: a page takes of them what it uses, so that words and views that load later stay out of the first load. */
const treeshake = { moduleSideEffects: [{ test: /[\\/]src[\\/](base|model|machines|protocols|compute|storage|hosts|engine|trace|scenario|explain|export|ui|views)[\\/].*\.ts$/, sideEffects: false }] };

/** What every run needs comes in one file: apart, these chunks are an eighth longer on the wire. What a page starts with keeps them out of itself. */
const codeSplitting = {
  groups: [
    { name: 'start', tags: ['$initial' as const], priority: 2 },
    { name: 'simulator', test: /[\\/]src[\\/](scenario[\\/](run|load)|hosts[\\/](browser|recursive-resolver|name-server|web-server))\.ts$/, priority: 1 },
  ],
};

export default defineConfig({
  base: './',
  plugins: [components(), policy(), ...['embed.html', 'how-true.html'].map((page) => classicPage(page, () => [components(), policy()], treeshake))],
  server: { headers: HEADERS },
  preview: { headers: HEADERS },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { treeshake, output: { codeSplitting } },
  },
  test: {
    projects: [
      {
        plugins: [components()],
        test: {
          name: 'unit', environment: 'node', testTimeout: 20_000, setupFiles: ['test/support/setup.ts'],
          include: ['test/**/*.test.ts'], exclude: ['test/**/*.dom.test.ts', 'test/browser/**'],
        },
      },
      {
        plugins: [components(), svelteTesting()],
        test: {
          name: 'dom', environment: 'jsdom', testTimeout: 20_000, setupFiles: ['test/support/setup.ts'],
          include: ['test/**/*.dom.test.ts'], exclude: ['test/browser/**'],
        },
      },
      {
        test: {
          name: 'browser', environment: 'node', include: ['test/browser/**/*.test.ts'],
          testTimeout: 90_000, hookTimeout: 120_000, fileParallelism: false,
        },
      },
    ],
  },
});
