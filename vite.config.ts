/** How the site is built and how the tests run. Assets are relative, so the site works at any path. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
// @ts-expect-error plain JavaScript: also used by scripts that run before anything is installed
import { HEADERS, POLICY } from './src/dev/csp.mjs';

const components = () => svelte({ configFile: false, compilerOptions: { runes: true, fragments: 'tree' } });

/** Puts the policy first into each built page, for hosts that cannot send headers. The development server needs inline styles and goes without. */
const policy = (): Plugin => ({
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY }, injectTo: 'head-prepend' },
  ],
});

export default defineConfig({
  base: './',
  plugins: [components(), policy()],
  server: { headers: HEADERS },
  preview: { headers: HEADERS },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { input: { index: 'index.html', embed: 'embed.html' } },
  },
  test: {
    projects: [
      {
        plugins: [components()],
        test: {
          name: 'unit', environment: 'node', testTimeout: 20_000,
          include: ['test/**/*.test.ts'], exclude: ['test/**/*.dom.test.ts', 'test/browser/**'],
        },
      },
      {
        plugins: [components(), svelteTesting()],
        test: {
          name: 'dom', environment: 'jsdom', testTimeout: 20_000,
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
