// @ts-check
import { EVENTS } from '../../packages/contracts/dist/index.js';
import { SERVICE_NAMES, SERVICES } from '../../infra/services.ts';
import { addRules, schemasOf } from './schemas.ts';

/** @typedef {import('./schemas.ts').Schema} Schema */

const text = { type: 'string' };
/** As in packages/contracts/src/messaging/event-map.ts. @param {string} event @param {Schema} data */
const envelope = (event, data) => ({
  type: 'object',
  properties: {
    id: { ...text, format: 'uuid', description: 'The same in every delivery.' },
    event: { const: event },
    version: { const: 1 },
    occurredAt: { ...text, format: 'date-time' },
    requestId: { type: ['string', 'null'], description: 'The request that caused it.' },
    traceparent: { ...text, description: 'Its place in a trace, as in W3C Trace Context.' },
    aggregateId: { ...text, description: 'The id of what the event is about.' },
    data,
  },
  required: ['id', 'event', 'version', 'occurredAt', 'requestId', 'aggregateId', 'data'],
});
/** As in packages/messaging/src/requests.ts. @param {Schema} data */
const replyWith = (data) => ({
  oneOf: [
    { type: 'object', properties: { data }, required: ['data'] },
    { type: 'object', properties: { error: ref('schemas', 'Refusal') }, required: ['error'] },
  ],
});
const REFUSAL = {
  description: 'An AppError, which is thrown again where the question was asked.',
  type: 'object',
  properties: { status: { type: 'integer' }, code: text, detail: text },
  required: ['status', 'code', 'detail'],
};

/**
 * The AsyncAPI 3 document of what services send each other.
 *
 * @param {string} contracts  the folder of the package
 * @param {Record<string, Schema>} rules  of the shapes, by the names of their classes
 */
export function describeMessages(contracts, rules) {
  /** @type {Record<string, Schema>} */
  const schemas = { Refusal: REFUSAL };
  const schemaOf = schemasOf(contracts, schemas);
  /** @type {{ channels: Schema, operations: Schema, messages: Schema }} */
  const found = { channels: {}, operations: {}, messages: {} };
  for (const event of Object.keys(EVENTS).sort()) addEvent(event, found, schemas, schemaOf);
  for (const [name, { properties }] of Object.entries(schemaOf('RequestMap').properties).sort())
    addRequest(name, properties, found);
  addRules(schemas, rules);
  const { channels, operations, messages } = found;
  return {
    asyncapi: '3.0.0',
    info: { title: 'Messages between the services', version: '0.1.0' },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { messages, schemas },
  };
}

/**
 * @param {string} event
 * @param {{ channels: Schema, operations: Schema, messages: Schema }} found
 * @param {Record<string, Schema>} schemas
 * @param {import('./schemas.ts').SchemaOf} schemaOf
 */
function addEvent(event, { channels, operations, messages }, schemas, schemaOf) {
  const kinds = [/** @type {any} */ (EVENTS)[event]].flat().map(({ name }) => name);
  for (const kind of kinds) schemas[kind] ??= schemaOf(kind);
  const refs = kinds.map((kind) => ref('schemas', kind));
  messages[event] = {
    name: event,
    payload: envelope(event, refs.length > 1 ? { oneOf: refs } : (refs[0] ?? {})),
  };
  channels[event] = { address: `events.${event}`, messages: { [event]: ref('messages', event) } };
  const channel = { $ref: `#/channels/${event}` };
  for (const service of SERVICE_NAMES) {
    const { publishes, subscribes } = SERVICES[service];
    const tags = [{ name: service }];
    if (publishes.includes(event))
      operations[`${service}.publishes.${event}`] = { action: 'send', channel, tags };
    if (subscribes.includes(event))
      operations[`${service}.subscribes.${event}`] = { action: 'receive', channel, tags };
  }
}

/** @param {string} name @param {Schema} schemas @param {{ channels: Schema, operations: Schema, messages: Schema }} found */
function addRequest(name, { request, response }, { channels, operations, messages }) {
  const service = name.split('.')[0];
  const messageOf = { request: `${name}.request`, response: `${name}.response` };
  messages[messageOf.request] = { name: messageOf.request, payload: request };
  messages[messageOf.response] = { name: messageOf.response, payload: replyWith(response) };
  channels[name] = {
    address: `rpc.${name}`,
    messages: {
      request: ref('messages', messageOf.request),
      response: ref('messages', messageOf.response),
    },
  };
  const channel = { $ref: `#/channels/${name}` };
  const sent = [{ $ref: `#/channels/${name}/messages/request` }];
  const reply = { channel, messages: [{ $ref: `#/channels/${name}/messages/response` }] };
  for (const client of SERVICE_NAMES.filter((one) => SERVICES[one].requests.includes(name)))
    operations[`${client}.requests.${name}`] = {
      action: 'send',
      channel,
      messages: sent,
      reply,
      tags: [{ name: client }],
    };
  operations[`${service}.responds.${name}`] = {
    action: 'receive',
    channel,
    messages: sent,
    reply,
    tags: [{ name: service }],
  };
}

/** @param {string} kind @param {string} name */
function ref(kind, name) {
  return { $ref: `#/components/${kind}/${name}` };
}
