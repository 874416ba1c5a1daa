/** How the site is built and how the tests run. Assets are relative, so the site works at any path. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const plugins = [svelte({ compilerOptions: { runes: true, fragments: 'tree' } })];
const headers = { 'Access-Control-Allow-Origin': '*' };

export default defineConfig({
  base: './',
  plugins,
  server: { headers },
  preview: { headers },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { input: { index: 'index.html', embed: 'embed.html' } },
  },
  test: {
    projects: [
      { plugins, test: { name: 'unit', environment: 'node', include: ['test/**/*.test.ts'], exclude: ['test/**/*.dom.test.ts', 'test/browser/**'] } },
      {
        plugins,
        resolve: { conditions: ['browser'] },
        test: { name: 'dom', environment: 'jsdom', include: ['test/**/*.dom.test.ts'], exclude: ['test/browser/**'] },
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
