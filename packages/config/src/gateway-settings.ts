// Imports nothing: the gateway's container, where no package is installed, reads it as it is.
import { isIP } from 'node:net';

/** What browsers, the typed client, and libraries for traces and errors send. */
export const CORS_HEADERS = [
  'Authorization',
  'Baggage',
  'Cache-Control',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-Modified-Since',
  'If-None-Match',
  'Last-Event-ID',
  'Pragma',
  'Range',
  'Sentry-Trace',
  'Traceparent',
  'Tracestate',
  'X-CSRF-Token',
  'X-Request-Id',
  'X-Requested-With',
];

/** Splits a setting such as `a, b`. A JSON list such as `["a", "b"]` is accepted too. @throws Error */
export function parseList(text: string): string[] {
  const items = /^\s*\[\s*("|\])/.test(text) ? jsonList(text) : text.split(',');
  return items.map((item) => item.trim()).filter(Boolean);
}

/** Parses a list of origins into the form in which browsers send them. @throws Error for an entry that is none */
export function parseOrigins(text: string): string[] {
  return [...new Set(parseList(text).map(toOrigin))];
}

/** Parses a list of addresses and networks. @throws Error for an entry that is none */
export function parseNetworks(text: string): string[] {
  return parseList(text).map((network) => {
    if (isNetwork(network)) return network;
    throw new Error(`"${network}" is no address or network: write it like 10.0.0.0/8 or 2001:db8::/32`);
  });
}

/** Parses a list of names of header fields. @throws Error for an entry that is none */
export function parseHeaders(text: string): string[] {
  return parseList(text).map((header) => {
    if (/^[A-Za-z0-9-]+$/.test(header)) return header;
    throw new Error(`"${header}" is no name of a header: write it like X-Shop-Version`);
  });
}

function toOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin =
    url?.host &&
    /^\/?$/.test(url.pathname) &&
    !/[?#@*"\\;{}$\s]/.test(text) &&
    /^[a-z][\w.+-]*:\/\//i.test(text);
  // The URL has no default port any more, which browsers do not send either.
  if (isOrigin) return `${url.protocol}//${url.host}`.toLowerCase();
  throw new Error(
    `"${text}" is no origin: write scheme, host and port, like https://app.example.com or http://localhost:3000`,
  );
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...others] = text.split('/');
  const maximum = { 4: 32, 6: 128 }[isIP(address)];
  if (maximum === undefined || others.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= maximum);
}

function jsonList(text: string): string[] {
  try {
    const items: unknown = JSON.parse(text);
    if (Array.isArray(items) && items.every((item) => typeof item === 'string')) return items;
  } catch {
    // Not JSON: the same error.
  }
  throw new Error(`"${text}" is no list: write a,b or ["a", "b"]`);
}
