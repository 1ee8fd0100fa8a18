import { describe, expect, it } from '@jest/globals';
import { AuthConfig } from '../app.config.js';
import { settingsThatDropCookie } from './dropped-cookies.js';

const check = (env: Record<string, string>, url?: string, isCrossSite?: boolean) =>
  settingsThatDropCookie(new AuthConfig(env), { url: url ? new URL(url) : undefined, isCrossSite });

describe('settingsThatDropCookie', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['the defaults', {}, undefined],
    ['the defaults over https', {}, 'https://api.example.com'],
    ['a Secure cookie on localhost', {}, 'http://localhost:8000'],
    ['a Secure cookie on ::1', {}, 'http://[::1]:8000'],
    ['a cookie over http', { REFRESH_COOKIE_SECURE: 'false' }, 'http://192.168.0.5:8000'],
    ['the host as domain', { REFRESH_COOKIE_DOMAIN: 'api.example.com' }, 'https://api.example.com'],
    ['a domain above the host', { REFRESH_COOKIE_DOMAIN: '.Example.com' }, 'https://api.example.com'],
    ['the path of the API', { REFRESH_COOKIE_PATH: '/api/v1/' }, undefined],
    ['the prefix __Host-', { REFRESH_COOKIE_NAME: '__Host-refresh' }, 'https://api.example.com'],
    ['SameSite=None', { REFRESH_COOKIE_SAMESITE: 'None' }, 'https://api.example.com'],
  ])('accepts %s', (_, env, url) => {
    expect(check(env, url)).toEqual([]);
  });

  const insecure = { REFRESH_COOKIE_SECURE: 'false' };
  it.each<[string, Record<string, string>, string | undefined]>([
    ['REFRESH_COOKIE_SAMESITE=none', { REFRESH_COOKIE_SAMESITE: 'None', ...insecure }, undefined],
    ['REFRESH_COOKIE_NAME=__Secure-r', { REFRESH_COOKIE_NAME: '__Secure-r', ...insecure }, undefined],
    [
      'REFRESH_COOKIE_NAME=__Host-r',
      { REFRESH_COOKIE_NAME: '__Host-r', REFRESH_COOKIE_PATH: '/api' },
      undefined,
    ],
    ['REFRESH_COOKIE_SECURE=true', {}, 'http://192.168.0.5:8000'],
    [
      'REFRESH_COOKIE_DOMAIN=example.org',
      { REFRESH_COOKIE_DOMAIN: 'example.org' },
      'https://api.example.com',
    ],
    ['REFRESH_COOKIE_DOMAIN=ample.com', { REFRESH_COOKIE_DOMAIN: 'ample.com' }, 'https://api.example.com'],
    ['REFRESH_COOKIE_DOMAIN=com', { REFRESH_COOKIE_DOMAIN: 'com' }, 'https://api.example.com'],
    ['REFRESH_COOKIE_DOMAIN=0.5', { REFRESH_COOKIE_DOMAIN: '0.5' }, 'https://192.168.0.5'],
    ['REFRESH_COOKIE_PATH=/api/v1/refresh', { REFRESH_COOKIE_PATH: '/api/v1/refresh' }, undefined],
    ['REFRESH_COOKIE_PATH=/api/v', { REFRESH_COOKIE_PATH: '/api/v' }, undefined],
  ])('names %s', (setting, env, url) => {
    expect(check(env, url)).toEqual([
      { setting: setting.split('=')[0], reason: expect.stringMatching(new RegExp(`^${setting}: `)) },
    ]);
  });

  it('names SameSite for a page of another site', () => {
    expect(check({}, 'https://api.example.com', true)).toMatchObject([
      { setting: 'REFRESH_COOKIE_SAMESITE' },
    ]);
    expect(check({ REFRESH_COOKIE_SAMESITE: 'none' }, 'https://api.example.com', true)).toEqual([]);
  });
});
