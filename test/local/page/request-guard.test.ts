import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../../local/page/request-guard.ts';

describe('refusalOf', () => {
  it.each([
    ['a reader at 127.0.0.1', 'GET', { host: '127.0.0.1:3000' }],
    ['a reader at localhost', 'GET', { host: 'localhost:3000' }],
    ['a reader at [::1]', 'GET', { host: '[::1]:3000' }],
    ['a link from elsewhere', 'GET', { host: 'localhost:3000', 'sec-fetch-site': 'cross-site' }],
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
    ['a request marked cross-site', 'POST', { host: 'localhost:3000', 'sec-fetch-site': 'cross-site' }, /another page/],
  ])('refuses %s', (_who, method, headers, why) => {
    expect(refusalOf(method, headers)).toMatch(why);
  });
});
