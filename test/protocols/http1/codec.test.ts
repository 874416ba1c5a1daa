/** Sizes of heads follow from their text, and the text is that of the measured clients and server. */
import { describe, expect, it } from 'vitest';
import type { RequestHead } from '../../../src/model/http/request';
import { errorPage } from '../../../src/model/http/response';
import { headText, requestLines, responseLines } from '../../../src/protocols/http1/codec';

const request = (r: Partial<RequestHead>): number =>
  headText(requestLines({ method: 'GET', path: '/', host: 'www.lab.test', secure: false, client: 'curl', destination: 'document', referrer: null, keepAlive: true, ...r })).length;

describe('request heads', () => {
  // payloads of the first data segment in the packet lists (curl 7.88.1, Chromium 156 headless); the pages' paths have 20 characters, the images' 9
  const page = '/0123456789012345678', image = '/23456789';
  it.each<[string, Partial<RequestHead>, number]>([
    ['curl, 1 KB file', { path: '/obj_1k' }, 82],
    ['curl, 100 KB file', { path: '/obj_100k' }, 84],
    ['Chromium, page over http', { client: 'browser', path: page }, 444],
    ['Chromium, image over http', { client: 'browser', path: image, destination: 'image', referrer: `http://www.lab.test${page}` }, 382],
    ['Chromium, page over https', { client: 'browser', path: page, secure: true }, 673 - 22],
    ['Chromium, image over https', { client: 'browser', path: image, secure: true, destination: 'image', referrer: `https://www.lab.test${page}` }, 595 - 22],
  ])('%s', (_name, r, bytes) => expect(request(r)).toBe(bytes));
  it('grow with what they name, byte by byte', () => {
    expect(request({ path: '/abc' }) - request({ path: '/' })).toBe(3);
    expect(request({ host: 'www.lab.test:8080' }) - request({})).toBe(5);
    expect(request({ keepAlive: false }) - request({})).toBe('Connection: close\r\n'.length);
  });
  it('the plain client says only what a request needs', () => {
    expect(requestLines({ method: 'GET', path: '/a', host: 'h', secure: true, client: 'plain', destination: 'image', referrer: 'https://h/', keepAlive: true })).toMatchInlineSnapshot(`
      [
        "GET /a HTTP/1.1",
        "Host: h",
        "Accept: image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
      ]
    `);
  });
});

describe('response heads of nginx 1.22', () => {
  const head = { status: 200, type: 'application/octet-stream', length: 1024, file: true, maxAge: -1, keepAlive: true };
  it('a file of 1 KB: 254 bytes before the body, as measured', () => expect(headText(responseLines(head)).length).toBe(1278 - 1024));
  it('lines in order', () => {
    expect(responseLines({ ...head, maxAge: 60, keepAlive: false }).map((line) => line.split(':')[0])).toEqual([
      'HTTP/1.1 200 OK', 'Server', 'Date', 'Content-Type', 'Content-Length', 'Last-Modified', 'Connection', 'ETag', 'Cache-Control', 'Accept-Ranges',
    ]);
  });
  it('what is made for a request has no validators', () => {
    expect(responseLines({ ...head, file: false }).join()).not.toMatch(/ETag|Last-Modified|Accept-Ranges/);
  });
  it('its error pages, with the heads before them, as measured', () => {
    expect(errorPage(404).length).toBe(153);
    const answer = (page: string): number => headText(responseLines({ status: 400, type: 'text/html', length: page.length, file: false, maxAge: -1, keepAlive: false })).length + page.length;
    expect(answer(errorPage(400))).toBe(309); // err_tls_to_plain_port
    expect(answer(errorPage(400, 'The plain HTTP request was sent to HTTPS port'))).toBe(407); // err_plain_to_tls_port
  });
});
