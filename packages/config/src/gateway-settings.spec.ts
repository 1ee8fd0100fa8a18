import { describe, expect, it } from '@jest/globals';
import { parseHeaders, parseList, parseNetworks, parseOrigins } from './gateway-settings.js';

describe('parseOrigins', () => {
  it.each([
    ['http://localhost:3000/', 'http://localhost:3000'],
    ['HTTPS://App.Example.com', 'https://app.example.com'],
    ['https://app.example.com:443', 'https://app.example.com'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
    ['capacitor://localhost', 'capacitor://localhost'],
    ['https://müller.example', 'https://xn--mller-kva.example'],
  ])('reads %s as browsers send it', (text, origin) => {
    expect(parseOrigins(text)).toEqual([origin]);
  });

  it.each(['https://a.example, https://b.example', '["https://a.example", "https://b.example"]'])(
    'reads the list %s',
    (text) => {
      expect(parseOrigins(text)).toEqual(['https://a.example', 'https://b.example']);
    },
  );

  it.each([
    '*',
    'null',
    'a.example',
    'https://a.example/path',
    'https://a.example?q',
    'https://me@a.example',
    'https://*.a.example',
    'javascript:alert(1)',
    'https://a.example;',
  ])('refuses %s', (text) => {
    expect(() => parseOrigins(text)).toThrow(`"${text}" is no origin: write scheme, host and port`);
  });
});

describe('parseNetworks', () => {
  it.each(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32', '::1'])('reads %s', (text) => {
    expect(parseNetworks(text)).toEqual([text]);
  });

  it.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0', 'proxy', '::1/129', '10.0.0.0/8/8'])(
    'refuses %s',
    (text) => {
      expect(() => parseNetworks(text)).toThrow(`"${text}" is no address or network`);
    },
  );
});

describe('parseHeaders', () => {
  it.each(['*', 'X-A;', 'X A', 'X:'])('refuses %s', (text) => {
    expect(() => parseHeaders(text)).toThrow(`"${text}" is no name of a header`);
  });
});

describe('parseList', () => {
  it.each(['', ' ', ',', '[]'])('reads "%s" as no items', (text) => {
    expect(parseList(text)).toEqual([]);
  });

  it('refuses a JSON list that does not end', () => {
    expect(() => parseList('["a"')).toThrow('is no list');
  });
});
