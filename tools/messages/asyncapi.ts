import { EVENTS, REQUESTS, type EventName, type RequestName } from '../../packages/contracts/dist/index.js';
import { type Service, SERVICE_NAMES, SERVICES } from '../../infra/services.ts';
import { reachable } from '../openapi/merge.ts';
import type { Schema, Schemas } from '../openapi/types.ts';

interface Message {
  name: string;
  payload: Schema;
}

interface Operation {
  action: 'send' | 'receive';
  channel: Schema;
  messages?: Schema[];
  reply?: { channel: Schema; messages: Schema[] };
  tags: { name: string }[];
}

export interface AsyncApi {
  channels: Record<string, { address: string; messages: Schemas }>;
  operations: Record<string, Operation>;
  components: { messages: Record<string, Message>; schemas: Schemas };
}

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
export function describeMessages(models: Schemas): AsyncApi {
  const document: AsyncApi = { channels: {}, operations: {}, components: { messages: {}, schemas: {} } };
  for (const event of Object.keys(EVENTS).sort() as EventName[]) addEvent(event, document);
  for (const request of Object.keys(REQUESTS).sort() as RequestName[]) addRequest(request, document);
  const { channels, operations, components } = document;
  const schemas = reachable(components.messages, { ...models, Refusal: REFUSAL });
  return {
    asyncapi: '3.0.0',
    info: { title: 'Messages between the services', version: '0.1.0' },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { messages: components.messages, schemas },
  } as AsyncApi;
}

function addEvent(event: EventName, { channels, operations, components }: AsyncApi): void {
  components.messages[event] = { name: event, payload: envelope(event, schemaOf(EVENTS[event])) };
  channels[event] = { address: `events.${event}`, messages: { [event]: ref('components/messages', event) } };
  const channel = ref('channels', event);
  for (const name of servicesThat(({ publishes }) => publishes.includes(event)))
    operations[`${name}.publishes.${event}`] = { action: 'send', channel, tags: [{ name }] };
  for (const name of servicesThat(({ subscribes }) => subscribes.includes(event)))
    operations[`${name}.subscribes.${event}`] = { action: 'receive', channel, tags: [{ name }] };
}

function addRequest(request: RequestName, { channels, operations, components }: AsyncApi): void {
  const [responder = ''] = request.split('.');
  const kinds = REQUESTS[request];
  const payloads = { request: schemaOf(kinds.request), response: reply(schemaOf(kinds.response)) };
  channels[request] = { address: `rpc.${request}`, messages: {} };
  for (const [part, payload] of Object.entries(payloads)) {
    const name = `${request}.${part}`;
    components.messages[name] = { name, payload };
    channels[request].messages[part] = ref('components/messages', name);
  }
  const channel = ref('channels', request);
  const messages = [ref(`channels/${request}/messages`, 'request')];
  const answer = { channel, messages: [ref(`channels/${request}/messages`, 'response')] };
  for (const name of servicesThat(({ requests }) => requests.includes(request)))
    operations[`${name}.requests.${request}`] = {
      action: 'send',
      channel,
      messages,
      reply: answer,
      tags: [{ name }],
    };
  operations[`${responder}.responds.${request}`] = {
    ...{ action: 'receive', channel, messages, reply: answer },
    tags: [{ name: responder }],
  };
}

const servicesThat = (does: (service: Service) => boolean) =>
  SERVICE_NAMES.filter((name) => does(SERVICES[name]));

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

function schemaOf(kind: { name: string } | readonly [{ name: string }, null]): Schema {
  if ('name' in kind) return ref('components/schemas', kind.name);
  return { anyOf: [schemaOf(kind[0]), { type: 'null' }] };
}

const ref = (place: string, name: string): Schema => ({ $ref: `#/${place}/${name}` });
