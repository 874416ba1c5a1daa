/** Types of browser.mjs. */
import type { Browser as PlaywrightBrowser, BrowserContextOptions, Page as PlaywrightPage } from 'playwright-core';

export type BrowserKind = 'chromium' | 'firefox';

export interface TestPage {
  readonly kind: BrowserKind;
  /** Console errors, uncaught exceptions and refusals by the content security policy, in order. */
  readonly errors: string[];
  /** Playwright's page in Chromium; null-like BiDi handles in Firefox. */
  readonly raw: PlaywrightPage & { readonly bidi: unknown; readonly context: unknown };
  navigate(url: string): Promise<void>;
  /** Evaluates in the page, whatever its policy; waits for promises; the value comes back as JSON. */
  evaluate<T = unknown>(expression: string): Promise<T>;
  evaluate<T, A extends readonly unknown[]>(work: (...args: A) => T | Promise<T>, ...args: A): Promise<T>;
  /** Asks again every 50 ms until the answer is truthy. */
  waitFor<T = unknown>(expression: string, options?: { timeout?: number }): Promise<T>;
  waitFor<T, A extends readonly unknown[]>(work: (...args: A) => T | Promise<T>, options?: { timeout?: number; args?: A }): Promise<T>;
  /** Clicks the middle of the first element that matches, as a mouse does. */
  click(selector: string): Promise<void>;
  clickAt(x: number, y: number): Promise<unknown>;
  /** A key or chord by playwright's names: `ArrowRight`, `Shift+Tab`. */
  press(chord: string): Promise<unknown>;
  type(text: string): Promise<unknown>;
  resize(width: number, height: number): Promise<unknown>;
  screenshot(file?: string): Promise<Buffer>;
  close(): Promise<unknown>;
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  /** Chromium only: playwright's settings of a new context (colorScheme, reducedMotion, locale …). */
  readonly context?: BrowserContextOptions;
}

export interface TestBrowser {
  readonly kind: BrowserKind;
  readonly version: string;
  readonly raw: PlaywrightBrowser;
  open(url?: string, options?: PageOptions): Promise<TestPage>;
  close(): Promise<void>;
}

export interface BrowserOptions {
  readonly flags?: readonly string[];
  /** Firefox only. */
  readonly preferences?: Readonly<Record<string, string | number | boolean>>;
}

export interface Served {
  readonly origin: string;
  /** Origin and base path, with a slash at its end. */
  readonly url: string;
  /** Paths asked for, in order. */
  readonly requests: string[];
  close(): Promise<void>;
}

export interface ServeOptions {
  /** Path that the folder stands at; starts and ends with a slash. */
  readonly base?: string;
  /** More pages by path, sent without the policy: hosts that embed ours. */
  readonly pages?: Readonly<Record<string, string>>;
  /** Added to or replacing the strict ones; null removes one. */
  readonly headers?: Readonly<Record<string, string | null>>;
}

export function findBrowser(kind: BrowserKind): string | null;
export function howToInstall(kind: BrowserKind): string;
export function installBrowsers(kinds?: readonly BrowserKind[], say?: (line: string) => void): BrowserKind[];
export function serve(folder: string, options?: ServeOptions): Promise<Served>;
export function openBrowser(kind: BrowserKind, options?: BrowserOptions): Promise<TestBrowser>;
export function openPage(browser: TestBrowser, url?: string, options?: PageOptions): Promise<TestPage>;
