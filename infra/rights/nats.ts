import { setImmediate as nextTurn } from 'node:timers/promises';
import type nats from '@nats-io/transport-node';
import { type Service, SERVICE_NAMES, SERVICES } from '../services.ts';
import type { Address, Attempt } from './check.ts';

type Case = [verb: 'subscribe' | 'publish', subject: string, allowed: boolean];

/** Every subject is harmless where it is not refused: no process listens to `rights-check`, and payloads are empty. */
export function natsAttempts(
  server: Address,
  secret: (name: string) => string,
  { connect }: typeof nats,
): Attempt[] {
  const allRequests = ofAll(({ requests }) => requests);
  const allEvents = ofAll(({ publishes, subscribes }) => [...publishes, ...subscribes]);
  const allTopics = ofAll(({ broadcasts }) => broadcasts);
  return SERVICE_NAMES.flatMap((name) => {
    const { requests, subscribes, publishes, broadcasts } = SERVICES[name];
    const cases: Case[] = [
      ['subscribe', `rpc.${name}.rights-check`, true],
      ['subscribe', `_INBOX.${name}.rights-check`, true],
      ...SERVICE_NAMES.filter((other) => other !== name).flatMap(onAnother),
      ...allRequests
        .filter((request) => !request.startsWith(`${name}.`))
        .map((request): Case => ['publish', `rpc.${request}`, requests.includes(request)]),
      ...allEvents.map((event): Case => [
        'subscribe',
        `replicas.topic.event.${event}`,
        subscribes.includes(event),
      ]),
      ...allEvents
        .filter((event) => !publishes.includes(event))
        .flatMap((event) => refused('publish', `events.${event}`, `replicas.topic.event.${event}`)),
      ...allTopics
        .filter((topic) => !broadcasts.includes(topic))
        .flatMap((topic) => refused('publish', `replicas.topic.${topic}`)),
      ...REFUSED_TO_ALL,
    ];
    return cases.map(([verb, subject, allowed]) => ({
      account: `NATS ${name}`,
      action: `${verb} ${subject}`,
      allowed,
      works: () => works(verb, subject, name),
    }));
  });

  async function works(verb: Case[0], subject: string, name: string): Promise<boolean> {
    const connection = await connect({
      servers: `${server.host}:${server.port}`,
      user: name,
      pass: secret(`nats_${name}`),
      reconnect: false,
    });
    try {
      let refusal = false;
      void isRefused(connection).then((is) => (refusal = is));
      if (verb === 'publish') connection.publish(subject);
      else connection.subscribe(subject, { callback: () => undefined });
      // The server reports a violation before it answers the ping of `flush`.
      await connection.flush();
      await nextTurn();
      return !refusal;
    } finally {
      await connection.close();
    }
  }
}

const ofAll = <T>(names: (service: Service) => T[]): T[] => [
  ...new Set(SERVICE_NAMES.flatMap((name) => names(SERVICES[name]))),
];

const refused = (verb: Case[0], ...subjects: string[]) =>
  subjects.map((subject): Case => [verb, subject, false]);

const REFUSED_TO_ALL = [
  ...refused('subscribe', '>', 'events.>', 'replicas.>', '$SYS.>', '_INBOX.>'),
  ...refused(
    'publish',
    ...['DELETE', 'PURGE', 'MSG.DELETE', 'MSG.GET'].map((verb) => `$JS.API.STREAM.${verb}.EVENTS`),
  ),
  ...refused('publish', '$JS.API.DIRECT.GET.EVENTS', '$JS.API.CONSUMER.DELETE.EVENTS.rights-check'),
  ...refused('publish', '$JS.API.CONSUMER.CREATE.EVENTS', 'events.rights-check', 'rights-check'),
];

function onAnother(other: string): Case[] {
  return [
    ...refused('subscribe', `rpc.${other}.rights-check`, `_INBOX.${other}.rights-check`),
    ...refused('publish', `rpc.${other}.rights-check`, `replicas.topic.cache.${other}`),
    ...refused('publish', `$JS.API.CONSUMER.MSG.NEXT.EVENTS.${other}_rights-check`),
    ...refused('publish', `$JS.ACK.EVENTS.${other}_rights-check.1.1.1.1.0`),
  ];
}

/** Whether the server refuses something before the connection is closed. */
async function isRefused(connection: nats.NatsConnection): Promise<boolean> {
  for await (const status of connection.status())
    if (status.type === 'error' && /permissions violation/i.test(String(status.error))) return true;
  return false;
}
