import {
  app,
  bool,
  configOf,
  corsAndProxies,
  http,
  int,
  nats,
  postgres,
  rateLimit,
  secret,
  str,
  text,
} from '@repo/config';

/** Every setting of the auth service. */
export class AuthConfig extends configOf('auth', {
  ...app(),
  ...http({ port: 3001, internalPort: 9001 }),
  ...postgres('auth'),
  ...nats(),
  ...rateLimit(),
  ...corsAndProxies(),
  SECRET_KEY: secret({
    default: 'local-secret-key-that-is-for-development-only',
    desc: 'Encrypts the signing keys in the database',
  }),
  SECRET_KEY_PREVIOUS: str({
    default: '',
    desc: 'The value that SECRET_KEY had before, until `rotate-keys` has run',
  }),
  ACCESS_TOKEN_EXPIRE_MINUTES: int({ default: 30, min: 1, max: 1_440, desc: 'Life of an access token' }),
  REFRESH_TOKEN_EXPIRE_DAYS: int({ default: 7, min: 1, desc: 'Life of a refresh token' }),
  REFRESH_COOKIE_NAME: text({
    default: 'refresh_token',
    pattern: /^[\w.-]+$/,
    form: 'letters, digits and the characters . _ -',
    desc: 'Name of the refresh cookie; projects on one host need different ones, because cookies ignore ports',
  }),
  REFRESH_COOKIE_SECURE: bool({ default: true, desc: 'Whether browsers keep the cookie over https only' }),
  REFRESH_COOKIE_SAMESITE: str({
    choices: ['lax', 'strict', 'none'],
    default: 'lax',
    desc: 'SameSite of the cookie; `none` for pages of another site',
  }),
  REFRESH_COOKIE_DOMAIN: text({
    default: '',
    pattern: /^\.?[\w-]+(\.[\w-]+)*$/,
    form: 'a host name such as example.com',
    desc: 'Domain of the cookie; empty for the host of the API only',
  }),
  REFRESH_COOKIE_PATH: text({
    default: '/',
    pattern: /^\/[\w./~-]*$/,
    form: 'a path that begins with /',
    desc: 'Path of the cookie',
  }),
  REFRESH_TOKEN_IN_BODY: bool({
    default: false,
    desc: 'Whether bodies hold the refresh token too, for native clients; scripts of a page can then read it',
  }),
  PUBLIC_URL: text({
    default: '',
    pattern: /^https?:\/\/[^\s/?#]+\/?$/,
    form: 'a URL such as https://api.example.com',
    desc: 'URL of the API for its clients; empty if it is not known',
  }),
  LOGIN_MAX_FAILURES: int({ default: 30, min: 1, desc: 'Failed logins of one account in 15 minutes' }),
  LOGIN_MAX_FAILURES_PER_ADDRESS: int({
    default: 300,
    min: 1,
    desc: 'Failed logins from one address in 15 minutes',
  }),
}) {
  /** Life of an access token in seconds. */
  get accessSeconds(): number {
    return this.ACCESS_TOKEN_EXPIRE_MINUTES * 60;
  }

  /** Life of a refresh token in seconds. */
  get refreshSeconds(): number {
    return this.REFRESH_TOKEN_EXPIRE_DAYS * 86_400;
  }
}
