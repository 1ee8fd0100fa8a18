// Writes the configuration of the gateway. For containers: `node render.ts <runDir>`, with the services' addresses in
// the environment.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  CORS_HEADERS,
  parseHeaders,
  parseList,
  parseNetworks,
  parseOrigins,
} from '../packages/config/src/gateway-settings.ts';

const FOLDERS = ['.', 'services', 'snippets'];
/** The services that the gateway sends requests to: one location file for each. */
const servicesOf = () =>
  readdirSync(join(import.meta.dirname, 'services')).map((file) => file.replace('.conf', ''));

export interface GatewayOptions {
  /** The folder that the configuration is written into. */
  runDir: string;
  /** Addresses and ports of the gateway. */
  listen: string[];
  /** `host:port` of every replica of every service. The routes of a service without replicas answer 503. */
  upstreams: Record<string, string[]>;
  /** Address of a name server: upstreams are names whose addresses are followed (NGINX 1.27.3 or later). */
  resolver?: string;
  /** Networks whose X-Forwarded-For and X-Forwarded-Proto are believed. */
  trustedProxies?: string[];
  /** Origins whose scripts may call the API with a user's cookies. */
  corsOrigins?: string[];
  /** Headers that these scripts may send. */
  corsHeaders?: string[];
  accessLog?: string;
  /** The API is served over TLS. `listen` then redirects to https and answers ACME challenges from the folder `acme`. */
  tls?: { listen: string; certificate: string; key: string; acme: string };
}

type Tls = NonNullable<GatewayOptions['tls']>;

/** Returns the path of the nginx.conf, to be started with `nginx -p <a folder to write into> -c <that path>`. */
export function renderGateway(options: GatewayOptions): string {
  const { runDir, listen, upstreams, resolver, tls } = options;
  for (const folder of [...FOLDERS, 'upstreams']) makeEmpty(join(runDir, folder));
  for (const folder of FOLDERS) copyConfiguration(folder, runDir);
  const write = (name: string, text: string) => writeFileSync(join(runDir, name), text);
  const plain = listen.map((address) => `listen ${matching(address, LISTEN, 'listen')} backlog=4096;`);
  write('listen.conf', tls ? encrypted(tls) : `${plain.join('\n')}\n`);
  write('plain.conf', tls ? toHttps(plain, tls) : '');
  write('settings.conf', settings(options));
  const services = servicesOf();
  for (const service of services)
    write(`upstreams/${service}.conf`, upstream(service, upstreams[service] ?? [], resolver));
  const all = services.flatMap((service) => upstreams[service] ?? []);
  write('upstreams/any.conf', upstream('any', all, resolver));
  return join(resolve(runDir), 'nginx.conf');
}

function makeEmpty(dir: string): void {
  mkdirSync(dir, { recursive: true });
  for (const name of configurationFiles(dir)) rmSync(join(dir, name));
}

/** Copies the contents, not the modes: NGINX may run as another user than the owner of the sources. */
function copyConfiguration(folder: string, runDir: string): void {
  const from = join(import.meta.dirname, folder);
  for (const name of configurationFiles(from))
    writeFileSync(join(runDir, folder, name), readFileSync(join(from, name)));
}

const configurationFiles = (dir: string) => readdirSync(dir).filter((name) => name.endsWith('.conf'));

function settings({
  resolver,
  trustedProxies = [],
  corsOrigins = [],
  corsHeaders = CORS_HEADERS,
  accessLog = 'access.log',
}: GatewayOptions): string {
  const proxies = trustedProxies.map((network) => matching(network, NETWORK, 'TRUSTED_PROXIES'));
  const headers = corsHeaders.map((header) => matching(header, HEADER, 'CORS_HEADERS'));
  const origins = corsOrigins.map((origin) => matching(origin, ORIGIN, 'CORS_ORIGINS'));
  return [
    `access_log ${matching(accessLog, FILE, 'accessLog')} line buffer=32k flush=1s if=$worth_logging;`,
    ...(resolver ? [`resolver ${matching(resolver, HOST, 'resolver')} valid=1s ipv6=off;`] : []),
    'real_ip_header X-Forwarded-For;',
    'real_ip_recursive on;',
    ...proxies.map((network) => `set_real_ip_from ${network};`),
    block('geo $realip_remote_addr $from_trusted_proxy', [
      'default 0;',
      ...proxies.map((network) => `${network} 1;`),
    ]),
    block('map $http_origin $cors_origin', [
      'default "";',
      ...origins.map((origin) => `"${origin}" "${origin}";`),
    ]),
    block('map $preflight $cors_headers', ['default "";', `1 "${headers.join(', ')}";`]),
    block('map "" $cors_vary', [`default "${origins.length > 0 ? 'Origin' : ''}";`]),
    '',
  ].join('\n');
}

function encrypted({ listen, certificate, key }: Tls): string {
  return [
    `listen ${matching(listen, LISTEN, 'tls.listen')} ssl backlog=4096;`,
    `ssl_certificate ${matching(certificate, FILE, 'tls.certificate')};`,
    `ssl_certificate_key ${matching(key, FILE, 'tls.key')};`,
    'ssl_protocols TLSv1.2 TLSv1.3;',
    'ssl_session_cache shared:tls:5m;',
    'ssl_session_tickets off;',
    '',
  ].join('\n');
}

function toHttps(plain: string[], { acme }: Tls): string {
  return block('server', [
    ...plain,
    `location /.well-known/acme-challenge/ { root ${matching(acme, FILE, 'tls.acme')}; }`,
    'location / { return 308 https://$host$request_uri; }',
  ]);
}

/**
 * Requests that one replica gets at a time. It rejects those that would wait for too long:
 * packages/service/src/http/load-shedding.ts.
 */
const MAX_IN_WORK = 1_024;

function upstream(name: string, addresses: string[], resolver?: string): string {
  const follow = resolver ? ' resolve' : '';
  const servers = addresses.map(
    (address) =>
      `server ${matching(address, ADDRESS, name)}${follow} max_fails=3 fail_timeout=1s max_conns=${MAX_IN_WORK};`,
  );
  return block(`upstream ${name}`, [
    `zone ${name} 128k;`,
    'least_conn;',
    ...(servers.length > 0 ? servers : ['server 0.0.0.0:1 down;']),
    `keepalive ${MAX_IN_WORK};`,
    'keepalive_requests 100000;',
    'keepalive_timeout 2s;', // a service that stops waits longer than this for idle connections
  ]);
}

const block = (head: string, lines: string[]) =>
  `${head} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;

// Every value becomes text of the configuration, so each must have exactly its own form.
const HOST = /^[A-Za-z0-9.-]+$/;
const ADDRESS = /^[A-Za-z0-9.-]+:\d+$/;
const LISTEN = /^(([A-Za-z0-9.-]+|\[[0-9a-f:]+\]):)?\d+$/;
const NETWORK = /^[0-9a-fA-F.:]+(\/\d{1,3})?$/;
const ORIGIN = /^[a-z][a-z0-9.+-]*:\/\/([A-Za-z0-9.-]+|\[[0-9a-f:]+\])(:\d+)?$/;
const HEADER = /^[A-Za-z0-9-]+$/;
const FILE = /^[A-Za-z0-9_./-]+$/;

function matching(value: string, form: RegExp, name: string): string {
  if (!form.test(value)) throw new Error(`${name}: "${value}" is not of the form ${form.source}`);
  return value;
}

/** The settings of people for the gateway. @throws Error that names the setting and the rule */
export function settingsOf({ TRUSTED_PROXIES = '', CORS_ORIGINS = '', ...env }: NodeJS.ProcessEnv) {
  return {
    corsHeaders: env.CORS_HEADERS ? named('CORS_HEADERS', () => parseHeaders(env.CORS_HEADERS!)) : undefined,
    trustedProxies: named('TRUSTED_PROXIES', () => parseNetworks(TRUSTED_PROXIES)),
    corsOrigins: named('CORS_ORIGINS', () => parseOrigins(CORS_ORIGINS)),
  };
}

function named<T>(name: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

function main(env: NodeJS.ProcessEnv, runDir: string | undefined): void {
  if (!runDir) throw new Error('Usage: node render.ts <folder for the configuration>');
  const { TLS_CERTIFICATE: certificate = '', TLS_KEY: key = '', ACME_DIR: acme = '' } = env;
  const file = renderGateway({
    runDir,
    listen: [env.LISTEN || '8000'],
    upstreams: Object.fromEntries(
      servicesOf().map((service) => [service, parseList(env[`UPSTREAM_${service.toUpperCase()}`] ?? '')]),
    ),
    resolver: env.RESOLVER,
    ...settingsOf(env),
    accessLog: env.ACCESS_LOG || undefined,
    tls: existsSync(certificate) ? { listen: env.TLS_LISTEN || '8443', certificate, key, acme } : undefined,
  });
  console.log(`wrote ${file}`);
}

if (import.meta.main) {
  try {
    main(process.env, process.argv[2]);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
