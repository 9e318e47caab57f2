import { describe, expect, it } from 'vitest';
import { refusalOf, refusalOfPages } from '../../../local/page/server.ts';

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
