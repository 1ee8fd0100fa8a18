import type { AuthConfig } from '../app.config.js';

/** Where a cookie is set, as a browser sees it. */
export interface CookieContext {
  /** URL of the API. */
  url?: URL;
  /** Whether the page belongs to another site than the API. */
  isCrossSite?: boolean;
}

type CookieSetting = `REFRESH_COOKIE_${'NAME' | 'SECURE' | 'SAMESITE' | 'DOMAIN' | 'PATH'}`;

/** The routes that read the cookie. */
const ROUTES = ['/api/v1/refresh', '/api/v1/logout'];

/** The settings with which browsers drop the refresh cookie or do not send it, each with the reason and the remedy. */
export function settingsThatDropCookie(
  settings: Pick<AuthConfig, CookieSetting>,
  { url, isCrossSite = false }: CookieContext = {},
): { setting: CookieSetting; reason: string }[] {
  const {
    REFRESH_COOKIE_NAME: name,
    REFRESH_COOKIE_SECURE: secure,
    REFRESH_COOKIE_SAMESITE: sameSite,
    REFRESH_COOKIE_PATH: path,
  } = settings;
  const domain = settings.REFRESH_COOKIE_DOMAIN.replace(/^\./, '').toLowerCase();
  const host = url?.hostname ?? domain;
  const rules: [isBroken: boolean, setting: CookieSetting, reason: string][] = [
    [
      name.startsWith('__Secure-') && !secure,
      'REFRESH_COOKIE_NAME',
      'the prefix __Secure- needs REFRESH_COOKIE_SECURE=true',
    ],
    [
      name.startsWith('__Host-') && !(secure && path === '/' && domain === ''),
      'REFRESH_COOKIE_NAME',
      'the prefix __Host- needs REFRESH_COOKIE_SECURE=true, REFRESH_COOKIE_PATH=/ and no REFRESH_COOKIE_DOMAIN',
    ],
    [
      sameSite === 'none' && !secure,
      'REFRESH_COOKIE_SAMESITE',
      'browsers drop a cookie with SameSite=none that is not Secure: set REFRESH_COOKIE_SECURE=true',
    ],
    [
      isCrossSite && sameSite !== 'none',
      'REFRESH_COOKIE_SAMESITE',
      'browsers drop this cookie on pages of another site: serve them from the site of the API, or set it to none',
    ],
    [
      secure && url?.protocol === 'http:' && !isLoopback(host),
      'REFRESH_COOKIE_SECURE',
      `browsers drop a Secure cookie from ${url?.origin}: serve the API over https, or set it to false`,
    ],
    [
      !fits(domain, host),
      'REFRESH_COOKIE_DOMAIN',
      `browsers drop the cookie, because the API is at ${host}: name this host or a domain above it, or leave it empty`,
    ],
    [
      !ROUTES.every((route) => isBelow(route, path)),
      'REFRESH_COOKIE_PATH',
      `browsers do not send the cookie to ${ROUTES.join(' and ')}: set it to / or /api/v1`,
    ],
  ];
  return rules
    .filter(([isBroken]) => isBroken)
    .map(([, setting, reason]) => ({ setting, reason: `${setting}=${settings[setting]}: ${reason}.` }));
}

/** Browsers accept Secure cookies over http from these. */
const isLoopback = (host: string) => /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(host);

/** The domain is the host or above it. No cookie is for all hosts of `com`, nor for a part of an address. */
const fits = (domain: string, host: string) =>
  domain === '' || domain === host || (host.endsWith(`.${domain}`) && /\.[a-z][a-z0-9-]*$/.test(domain));

const isBelow = (route: string, path: string) =>
  `${route}/`.startsWith(path.endsWith('/') ? path : `${path}/`);
