import { SERVICE_NAMES, SERVICES, type ServiceName } from '../services.ts';

/** As in packages/messaging/src/event-stream.ts, like the names of the consumers. */
const STREAM = 'EVENTS';
/** As in packages/messaging/src/replica-bus.ts: membership of the replicas. */
const MEMBERSHIP = ['heartbeat', 'leave', 'reload'].map((subject) => `replicas.${subject}`);
/** Topics of which every service may keep a copy. */
const COPIES = [...new Set(SERVICE_NAMES.flatMap((name) => SERVICES[name].broadcasts))];

export interface NatsOptions {
  host: string;
  port: number;
  /** The folder of JetStream's streams. */
  storeDir: string;
  /** Port of `/healthz`, for health checks over HTTP. */
  monitorPort?: number;
  /** Service → password. Without them (tests) every client may do everything: loopback only. */
  passwords?: Record<string, string>;
}

/** The configuration of NATS. With passwords, each service has a user with the rights that SERVICES declares. */
export function natsConfig({ host, port, storeDir, monitorPort, passwords }: NatsOptions): string {
  return [
    `listen: ${quote(`${host}:${port}`)}`,
    ...(monitorPort ? [`http: ${quote(`${host}:${monitorPort}`)}`] : []),
    'max_payload: 1MB',
    // A client that vanishes without closing its connection is noticed within 3 s.
    'ping_interval: "1s"',
    'ping_max: 2',
    `jetstream { store_dir: ${quote(storeDir)}, max_memory_store: 64MB, max_file_store: 2GB }`,
    ...(passwords
      ? ['authorization { users: [', ...SERVICE_NAMES.map((name) => user(name, passwords[name])), '] }']
      : []),
    '',
  ].join('\n');
}

function user(service: ServiceName, password: string | undefined): string {
  if (!password) throw new Error(`NATS: the service ${service} has no password.`);
  const { publish, subscribe } = permissions(service);
  // NATS keeps one permission for each delivered message with a reply subject: for as long as a request may take.
  return `  { user: ${quote(service)}, password: ${quote(password)}, permissions: {
    publish: ${JSON.stringify(publish)}
    subscribe: ${JSON.stringify(subscribe)}
    allow_responses: { max: 1, expires: "6s" } } }`;
}

/** The subjects that a service may publish and subscribe to. */
export function permissions(service: ServiceName): { publish: string[]; subscribe: string[] } {
  const { requests, subscribes, publishes, broadcasts, cacheKeys } = SERVICES[service];
  const cache = cacheKeys.length > 0 ? [`cache.${service}`] : [];
  const publish = [
    ...requests.map((request) => `rpc.${request}`),
    ...publishes.map((event) => `events.${event}`),
    ...[...broadcasts, ...cache, ...publishes.map((event) => `event.${event}`)].map(topic),
    ...MEMBERSHIP,
    // The stream is shared: a service may create and update it, but never purge, delete or browse it.
    ...['CREATE', 'UPDATE', 'INFO'].map((verb) => `$JS.API.STREAM.${verb}.${STREAM}`),
    ...subscribes.flatMap((event) => consumer(`${service}_${event.replaceAll('.', '_')}`, event)),
  ];
  const subscribe = [
    `rpc.${service}.>`,
    ...[...COPIES, ...cache, ...subscribes.map((event) => `event.${event}`)].map(topic),
    ...MEMBERSHIP,
    `_INBOX.${service}.>`,
  ];
  return { publish, subscribe };
}

const topic = (name: string) => `replicas.topic.${name}`;

/** Subjects that declare a consumer of the stream, fetch from it and acknowledge. */
function consumer(name: string, event: string): string[] {
  return [
    `$JS.API.CONSUMER.CREATE.${STREAM}.${name}.events.${event}`,
    `$JS.API.CONSUMER.INFO.${STREAM}.${name}`,
    `$JS.API.CONSUMER.MSG.NEXT.${STREAM}.${name}`,
    `$JS.ACK.${STREAM}.${name}.>`,
  ];
}

const quote = (text: string) => JSON.stringify(text);
