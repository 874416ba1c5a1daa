/** Addresses: parts, refusal, references. */
import { describe, expect, it } from 'vitest';
import { parseUrl, resolveUrl } from '../../src/hosts/url';

describe('parseUrl', () => {
  it.each([
    ['https://Shop.Example/orders/42?x=1', { scheme: 'https', host: 'shop.example', port: 443, path: '/orders/42?x=1', origin: 'https://shop.example:443', authority: 'shop.example' }],
    ['http://a.test', { scheme: 'http', host: 'a.test', port: 80, path: '/', origin: 'http://a.test:80', authority: 'a.test' }],
    ['http://a.test:8080/', { scheme: 'http', host: 'a.test', port: 8080, path: '/', origin: 'http://a.test:8080', authority: 'a.test:8080' }],
    ['https://a.test:80/', { scheme: 'https', host: 'a.test', port: 80, path: '/', origin: 'https://a.test:80', authority: 'a.test:80' }],
  ])('%s', (url, parts) => expect(parseUrl(url)).toEqual(parts));
  it.each(['', '/x', 'ftp://a.test/', 'http://', 'http://a test/', 'http://a.test:0/', 'http://a.test:65536/', 'http://a.test/#top', 'javascript:alert(1)'])('refuses "%s"', (url) => {
    expect(parseUrl(url)).toBeNull();
  });
});

describe('resolveUrl', () => {
  const base = parseUrl('https://a.test:8443/shop/page?q=/x')!;
  it.each([
    ['/style.css', 'https://a.test:8443/style.css'],
    ['logo.svg', 'https://a.test:8443/shop/logo.svg'],
    ['//cdn.test/x', 'https://cdn.test/x'],
    ['http://b.test/y', 'http://b.test/y'],
  ])('%s', (reference, url) => expect(resolveUrl(base, reference)).toBe(url));
});
