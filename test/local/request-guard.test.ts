import { describe, expect, it } from 'vitest';
import { refusalOf, refusalOfPages } from '../../local/request-guard.ts';

describe('refusalOf', () => {
  it.each([
    ['a reader at 127.0.0.1', 'GET', { host: '127.0.0.1:3000' }],
    ['a reader at localhost', 'GET', { host: 'localhost:3000' }],
    ['a reader at [::1]', 'GET', { host: '[::1]:3000' }],
    [
      'a link from elsewhere',
      'GET',
      { host: 'localhost:3000', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
    ],
    ['a button of the page', 'POST', { host: 'localhost:3000', origin: 'http://localhost:3000' }],
    ['a program that is no browser', 'POST', { host: '127.0.0.1:3000' }],
  ])('lets %s through', (_who, method, headers) => {
    expect(refusalOf(method, headers)).toBe(undefined);
  });

  it.each([
    ['a name made to point here', 'GET', { host: 'rebound.example:3000' }, /127\.0\.0\.1/],
    ['a name that starts like ours', 'GET', { host: 'localhost.rebound.example:3000' }, /127\.0\.0\.1/],
    ['no host', 'GET', {}, /127\.0\.0\.1/],
    ['a host that is none', 'GET', { host: 'a b' }, /127\.0\.0\.1/],
    ['an address that only a parser takes for this machine', 'GET', { host: '127.1:3000' }, /127\.0\.0\.1/],
    ['a name with a user before it', 'GET', { host: 'x@localhost:3000' }, /127\.0\.0\.1/],
    ['a name with a path behind it', 'GET', { host: 'localhost/x' }, /127\.0\.0\.1/],
    ['a form of another site', 'POST', { host: 'localhost:3000', origin: 'https://evil.example' }, /another page/],
    [
      'another port of this machine',
      'POST',
      { host: 'localhost:3000', origin: 'http://localhost:8080' },
      /another page/,
    ],
    ['a frame without origin', 'POST', { host: 'localhost:3000', origin: 'null' }, /another page/],
    [
      'a script of another page that reads',
      'GET',
      { host: 'localhost:3000', origin: 'https://evil.example' },
      /another/,
    ],
    [
      'a picture of another page',
      'GET',
      { host: 'localhost:3000', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      /another page/,
    ],
    [
      'a form of another page that opens as a page',
      'POST',
      { host: 'localhost:3000', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
      /another page/,
    ],
    ['a request marked cross-site', 'POST', { host: 'localhost:3000', 'sec-fetch-site': 'cross-site' }, /another page/],
  ])('refuses %s', (_who, method, headers, why) => {
    expect(refusalOf(method, headers)).toMatch(why);
  });
});

describe('what is not in the parsed headers', () => {
  const host = 'localhost:3000';

  it('refuses a second host', () => {
    const rawHeaders = ['Host', host, 'Accept', 'host', 'HOST', 'rebound.example'];
    expect(refusalOf('GET', { host }, { rawHeaders })).toMatch(/127\.0\.0\.1/);
    expect(refusalOfPages({ host }, { rawHeaders })).toMatch(/127\.0\.0\.1/);
    expect(refusalOf('GET', { host }, { rawHeaders: rawHeaders.slice(0, 4) })).toBe(undefined);
  });

  it.each([
    ['/', undefined],
    ['/?boot=x', undefined],
    ['/live?boot=x', 'another page sent this'],
    ['/api/messages/1', 'another page sent this'],
    ['/assets/page.js', 'another page sent this'],
  ])('lets a link from elsewhere open %s: %s', (url, refusal) => {
    const headers = { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect(refusalOf('GET', headers, { url })).toBe(refusal);
    expect(refusalOf('GET', { host, 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, { url })).toBe(undefined);
  });
});

describe('refusalOfPages', () => {
  it.each([
    ['an SDK', { host: '127.0.0.1:4566' }],
    ['curl', { host: 'localhost:4566' }],
    ['an address that was typed', { host: 'localhost:4566', 'sec-fetch-site': 'none' }],
  ])('lets %s through', (_who, headers) => {
    expect(refusalOfPages(headers)).toBe(undefined);
  });

  it.each([
    ['a name made to point here', { host: 'rebound.example:4566' }, /127\.0\.0\.1/],
    ['no host', {}, /127\.0\.0\.1/],
    ['our own page, too', { host: 'localhost:3000', origin: 'http://localhost:3000' }, /another page/],
    ['a frame without origin', { host: 'localhost:3000', origin: 'null' }, /another page/],
    ['another port of this machine', { host: 'localhost:3000', 'sec-fetch-site': 'same-site' }, /another page/],
    ['a picture of another page', { host: 'localhost:3000', 'sec-fetch-site': 'cross-site' }, /another page/],
  ])('refuses %s', (_who, headers, why) => {
    expect(refusalOfPages(headers)).toMatch(why);
  });
});
