// @ts-check
import { SERVICE_NAMES, SERVICES } from '../services.ts';

/** As in packages/messaging/src/event-stream.ts, like the names of the consumers. */
const STREAM = 'EVENTS';
/** As in packages/messaging/src/replica-bus.ts: who is there. */
const MEMBERSHIP = ['heartbeat', 'leave', 'reload'].map((subject) => `replicas.${subject}`);
/** What every service may keep a copy of. */
const COPIES = [...new Set(SERVICE_NAMES.flatMap((name) => SERVICES[name].broadcasts))];

/**
 * The configuration of NATS. With passwords, every service has an account that may do what SERVICES says; without
 * them (tests) anyone may do anything, so such a server must listen on loopback only.
 *
 * @param {object} options
 * @param {string} options.host
 * @param {number} options.port
 * @param {string} options.storeDir  where JetStream keeps its streams
 * @param {number} [options.monitorPort]  `/healthz` for whoever cannot speak NATS
 * @param {Record<string, string>} [options.passwords]  service → password
 */
export function natsConfig({ host, port, storeDir, monitorPort, passwords }) {
  return [
    `listen: ${quote(`${host}:${port}`)}`,
    ...(monitorPort ? [`http: ${quote(`${host}:${monitorPort}`)}`] : []),
    'max_payload: 1MB',
    // A service that vanished without a word is known as gone within 3 s.
    'ping_interval: "1s"',
    'ping_max: 2',
    `jetstream { store_dir: ${quote(storeDir)}, max_memory_store: 64MB, max_file_store: 2GB }`,
    ...(passwords
      ? ['authorization { users: [', ...SERVICE_NAMES.map((name) => user(name, passwords[name])), '] }']
      : []),
    '',
  ].join('\n');
}

/**
 * @param {import('../services.ts').ServiceName} service
 * @param {string | undefined} password
 */
function user(service, password) {
  if (!password) throw new Error(`NATS: the service ${service} has no password.`);
  const { requests, subscribes, publishes, broadcasts } = SERVICES[service];
  const publish = [
    ...requests.map((request) => `rpc.${request}`),
    ...publishes.map((event) => `events.${event}`),
    ...[...broadcasts, `cache.${service}`, ...publishes.map((event) => `event.${event}`)].map(topic),
    ...MEMBERSHIP,
    // The stream is shared: a service may create and update it, but never empty, remove or browse it.
    ...['CREATE', 'UPDATE', 'INFO'].map((verb) => `$JS.API.STREAM.${verb}.${STREAM}`),
    ...subscribes.flatMap((event) => consumer(`${service}_${event.replaceAll('.', '_')}`, event)),
  ];
  const subscribe = [
    `rpc.${service}.>`,
    ...[...COPIES, `cache.${service}`, ...subscribes.map((event) => `event.${event}`)].map(topic),
    ...MEMBERSHIP,
    `_INBOX.${service}.>`,
  ];
  return `  { user: ${quote(service)}, password: ${quote(password)}, permissions: {
    publish: ${list(publish)}
    subscribe: ${list(subscribe)}
    allow_responses: { max: 1, expires: "1m" } } }`;
}

/** @param {string} name */
const topic = (name) => `replicas.topic.${name}`;

/** What declares a place in the stream and takes events from it. @param {string} name @param {string} event */
function consumer(name, event) {
  return [
    `$JS.API.CONSUMER.CREATE.${STREAM}.${name}.events.${event}`,
    `$JS.API.CONSUMER.INFO.${STREAM}.${name}`,
    `$JS.API.CONSUMER.MSG.NEXT.${STREAM}.${name}`,
    `$JS.ACK.${STREAM}.${name}.>`,
  ];
}

/** @param {string} text */
const quote = (text) => JSON.stringify(text);

/** @param {string[]} items */
const list = (items) => `[${items.map(quote).join(', ')}]`;
