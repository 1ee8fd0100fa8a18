// @ts-check
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SERVICE_NAMES, SERVICES } from '../services.ts';

/**
 * @param {import('./check.ts').Address} server
 * @param {(name: string) => string} secret
 * @param {typeof import('@nats-io/transport-node')} nats
 * @returns {import('./check.ts').Attempt[]}
 */
export function natsAttempts(server, secret, nats) {
  const events = ofAll(({ publishes, subscribes }) => [...publishes, ...subscribes]);
  const allRequests = ofAll(({ requests }) => requests);
  const topics = ofAll(({ broadcasts }) => broadcasts);
  return SERVICE_NAMES.flatMap((name) => {
    const { requests, subscribes, publishes, broadcasts } = SERVICES[name];
    const others = SERVICE_NAMES.filter((other) => other !== name);
    const cases = [
      hear(`rpc.${name}.rights-check`, true),
      hear(`_INBOX.${name}.rights-check`, true),
      ...others.flatMap(ofAnother),
      ...allRequests
        .filter((request) => !request.startsWith(`${name}.`))
        .map((request) => say(`rpc.${request}`, requests.includes(request))),
      ...events.map((event) => hear(`replicas.topic.event.${event}`, subscribes.includes(event))),
      ...events
        .filter((event) => !publishes.includes(event))
        .flatMap((event) => [say(`events.${event}`, false), say(`replicas.topic.event.${event}`, false)]),
      say('events.rights-check', false),
      ...topics
        .filter((topic) => !broadcasts.includes(topic))
        .map((topic) => say(`replicas.topic.${topic}`, false)),
      ...REFUSED_TO_ALL,
    ];
    return cases.map(([verb, subject, allowed]) => ({
      who: `NATS ${name}`,
      what: `${verb} ${subject}`,
      allowed,
      try: () => works(verb, subject, name),
    }));
  });

  /** @param {'hear' | 'say'} verb @param {string} subject @param {string} name */
  async function works(verb, subject, name) {
    const connection = await nats.connect({
      servers: `${server.host}:${server.port}`,
      user: name,
      pass: secret(`nats_${name}`),
      reconnect: false,
    });
    try {
      let refused = false;
      void refusal(connection).then((is) => (refused = is));
      if (verb === 'say') connection.publish(subject);
      else connection.subscribe(subject, { callback: () => undefined });
      // What the server thinks of it comes before its answer to this.
      await connection.flush();
      await nextTurn();
      return !refused;
    } finally {
      await connection.close();
    }
  }
}

/** @typedef {[verb: 'hear' | 'say', subject: string, allowed: boolean]} Case */

/** @param {string} subject @param {boolean} allowed @returns {Case} */
const hear = (subject, allowed) => ['hear', subject, allowed];

/** @param {string} subject @param {boolean} allowed @returns {Case} */
const say = (subject, allowed) => ['say', subject, allowed];

/** @param {(service: import('../services.ts').Service) => string[]} names */
const ofAll = (names) => [...new Set(SERVICE_NAMES.flatMap((name) => names(SERVICES[name])))];

/** @type {Case[]} */
const REFUSED_TO_ALL = [
  ['hear', '>', false],
  ['hear', 'events.>', false],
  ['hear', 'replicas.>', false],
  ['hear', '$SYS.>', false],
  ['hear', '_INBOX.>', false],
  ['say', '$JS.API.STREAM.DELETE.EVENTS', false],
  ['say', '$JS.API.STREAM.PURGE.EVENTS', false],
  ['say', '$JS.API.STREAM.MSG.DELETE.EVENTS', false],
  ['say', '$JS.API.STREAM.MSG.GET.EVENTS', false],
  ['say', '$JS.API.DIRECT.GET.EVENTS', false],
  ['say', '$JS.API.CONSUMER.DELETE.EVENTS.rights-check', false],
  ['say', '$JS.API.CONSUMER.CREATE.EVENTS', false],
  ['say', 'rights-check', false],
];

/**
 * Where nothing is harmed even if it is not refused: nobody listens to these names.
 *
 * @param {string} other
 * @returns {Case[]}
 */
function ofAnother(other) {
  return [
    ['hear', `rpc.${other}.rights-check`, false],
    ['say', `rpc.${other}.rights-check`, false],
    ['hear', `_INBOX.${other}.rights-check`, false],
    ['say', `replicas.topic.cache.${other}`, false],
    ['say', `$JS.API.CONSUMER.MSG.NEXT.EVENTS.${other}_rights-check`, false],
    ['say', `$JS.ACK.EVENTS.${other}_rights-check.1.1.1.1.0`, false],
  ];
}

/** Resolves with true at the first refusal. @param {import('@nats-io/transport-node').NatsConnection} connection */
async function refusal(connection) {
  for await (const status of connection.status()) {
    if (status.type === 'error' && /permissions violation/i.test(String(status.error))) return true;
  }
  return false; // the connection was closed
}
