import { EVENTS, REQUESTS, type EventName, type RequestName } from '../../packages/contracts/dist/index.js';
import { SERVICE_NAMES, SERVICES } from '../../infra/services.ts';
import { reachable } from '../openapi/merge.ts';
import type { Schema, Schemas } from '../openapi/types.ts';

export const EVENT_NAMES = Object.keys(EVENTS).sort() as EventName[];
export const REQUEST_NAMES = Object.keys(REQUESTS).sort() as RequestName[];

/** A class, or null beside it when there may be nothing. */
type Kind = { name: string } | readonly [{ name: string }, null];

/** The classes of everything that services send each other. */
export const MESSAGE_CLASSES = [
  ...Object.values(EVENTS),
  ...Object.values(REQUESTS)
    .flatMap(({ request, response }) => [request, response].flat())
    .filter((kind) => kind !== null),
];

const text = { type: 'string' };
/** As in packages/messaging/src/requests.ts. */
const REFUSAL: Schema = {
  description: 'An AppError, which is thrown again in the service that sent the request.',
  type: 'object',
  properties: { status: { type: 'integer' }, code: text, detail: text },
  required: ['status', 'code', 'detail'],
};

/** The AsyncAPI 3 document of the messages between services. `models` are the schemas of their classes, by name. */
export function describeMessages(models: Schemas) {
  const messages = Object.fromEntries([
    ...EVENT_NAMES.map((name) => [name, { name, payload: envelope(name, schemaOf(EVENTS[name])) }]),
    ...REQUEST_NAMES.flatMap((name) => {
      const { request, response } = REQUESTS[name];
      return [
        [`${name}.request`, { name: `${name}.request`, payload: schemaOf(request) }],
        [`${name}.response`, { name: `${name}.response`, payload: reply(schemaOf(response)) }],
      ];
    }),
  ]);
  const message = (name: string) => ref('components/messages', name);
  return {
    asyncapi: '3.0.0',
    info: { title: 'Messages between the services', version: '0.1.0' },
    defaultContentType: 'application/json',
    channels: Object.fromEntries([
      ...EVENT_NAMES.map((name) => [
        name,
        { address: `events.${name}`, messages: { [name]: message(name) } },
      ]),
      ...REQUEST_NAMES.map((name) => {
        const both = { request: message(`${name}.request`), response: message(`${name}.response`) };
        return [name, { address: `rpc.${name}`, messages: both }];
      }),
    ]),
    operations: Object.fromEntries(SERVICE_NAMES.flatMap(operationsOf)),
    components: { messages, schemas: reachable(messages, { ...models, Refusal: REFUSAL }) },
  };
}

function operationsOf(service: (typeof SERVICE_NAMES)[number]) {
  const { publishes, subscribes, requests } = SERVICES[service];
  const responds = REQUEST_NAMES.filter((name) => name.startsWith(`${service}.`));
  const operations = (
    verb: string,
    names: string[],
    action: 'send' | 'receive',
    parts: (name: string) => object = () => ({}),
  ) =>
    names.map((name) => [
      `${service}.${verb}.${name}`,
      { action, channel: ref('channels', name), ...parts(name), tags: [{ name: service }] },
    ]);
  const exchange = (name: string) => ({
    messages: [ref(`channels/${name}/messages`, 'request')],
    reply: { channel: ref('channels', name), messages: [ref(`channels/${name}/messages`, 'response')] },
  });
  return [
    ...operations('publishes', publishes, 'send'),
    ...operations('subscribes', subscribes, 'receive'),
    ...operations('requests', requests, 'send', exchange),
    ...operations('responds', responds, 'receive', exchange),
  ];
}

/** As in packages/contracts/src/messaging/event-map.ts. */
const envelope = (event: string, data: Schema): Schema => ({
  type: 'object',
  properties: {
    id: { ...text, format: 'uuid', description: 'The same in every delivery.' },
    event: { const: event },
    version: { const: 1 },
    occurredAt: { ...text, format: 'date-time' },
    requestId: { type: ['string', 'null'], description: 'The request that caused it.' },
    traceparent: { ...text, description: 'Its place in a trace, as in W3C Trace Context.' },
    aggregateId: { ...text, description: 'The id of the entity that the event is about.' },
    data,
  },
  required: ['id', 'event', 'version', 'occurredAt', 'requestId', 'aggregateId', 'data'],
});

/** As in packages/messaging/src/requests.ts. */
const reply = (data: Schema): Schema => ({
  oneOf: [
    { type: 'object', properties: { data }, required: ['data'] },
    { type: 'object', properties: { error: ref('components/schemas', 'Refusal') }, required: ['error'] },
  ],
});

export function schemaOf(kind: Kind): Schema {
  if ('name' in kind) return ref('components/schemas', kind.name);
  return { anyOf: [schemaOf(kind[0]), { type: 'null' }] };
}

const ref = (place: string, name: string): Schema => ({ $ref: `#/${place}/${name}` });
