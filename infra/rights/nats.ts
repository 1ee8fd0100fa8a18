import { setImmediate as nextTurn } from 'node:timers/promises';
import type nats from '@nats-io/transport-node';
import { permissions } from '../nats/nats-config.ts';
import { SERVICE_NAMES, type ServiceName } from '../services.ts';
import type { Address, Attempt } from './check.ts';

type Verb = 'publish' | 'subscribe';

const REFUSED_TO_ALL = {
  subscribe: ['>', 'events.>', 'replicas.>', '$SYS.>', '_INBOX.>'],
  publish: [
    ...['DELETE', 'PURGE', 'MSG.DELETE', 'MSG.GET'].map((verb) => `$JS.API.STREAM.${verb}.EVENTS`),
    '$JS.API.DIRECT.GET.EVENTS',
    '$JS.API.CONSUMER.DELETE.EVENTS.rights-check',
    '$JS.API.CONSUMER.CREATE.EVENTS',
    ...SERVICE_NAMES.map((name) => `rpc.${name}.rights-check`),
    'events.rights-check',
    'rights-check',
  ],
};

/**
 * Each service tries the subjects of all. What it may publish is not tried, because it would be received; except for
 * requests, which are refused for their empty payload.
 */
export function natsAttempts(
  server: Address,
  secret: (name: string) => string,
  { connect }: typeof nats,
): Attempt[] {
  return SERVICE_NAMES.flatMap((name) =>
    (['subscribe', 'publish'] as const).flatMap((verb) => {
      const own = subjectsOf(name, verb);
      return [...new Set([...SERVICE_NAMES.flatMap((one) => subjectsOf(one, verb)), ...REFUSED_TO_ALL[verb]])]
        .filter((subject) => verb === 'subscribe' || !own.includes(subject) || subject.startsWith('rpc.'))
        .map((subject) => ({
          account: `NATS ${name}`,
          action: `${verb} ${subject}`,
          allowed: own.includes(subject),
          works: () => works(verb, subject, name),
        }));
    }),
  );

  async function works(verb: Verb, subject: string, name: string): Promise<boolean> {
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

/** One subject for each permission. No process sends or receives `rights-check`. */
const subjectsOf = (service: ServiceName, verb: Verb) =>
  permissions(service)[verb].map((subject) => subject.replace(/>$/, 'rights-check'));

/** Whether the server refuses something before the connection is closed. */
async function isRefused(connection: nats.NatsConnection): Promise<boolean> {
  for await (const status of connection.status())
    if (status.type === 'error' && /permissions violation/i.test(String(status.error))) return true;
  return false;
}
