// @ts-check
import { SERVICE_NAMES } from '../../infra/services.ts';

/** @typedef {Record<string, any>} Json */

/**
 * docs/messages.md.
 *
 * @param {Json} document  the AsyncAPI document
 * @returns {string}
 */
export function messagesPage({ channels, operations, components: { messages, schemas } }) {
  const names = Object.keys(channels);
  const events = names.filter((name) => channels[name].address.startsWith('events.'));
  const requests = names.filter((name) => channels[name].address.startsWith('rpc.'));
  const kindOf = kindsIn(schemas);
  const who = (/** @type {string} */ verb, /** @type {string} */ name) =>
    SERVICE_NAMES.filter((service) => operations[`${service}.${verb}.${name}`]).join(', ');

  return `# Messages

Every event and every request between the services, with its shape. How they are written is in [events](guides/events.md) and
[service communication](guides/service-communication.md).

This page is made from the code: \`npm run sync\`. The same for programs, as AsyncAPI 3, is
[\`packages/contracts/asyncapi.json\`](../packages/contracts/asyncapi.json).

## Events

The subject is \`events.<name>\`, in the JetStream stream \`EVENTS\`. Each is an envelope with \`id\`, \`event\`, \`version\`,
\`occurredAt\`, \`requestId\`, \`traceparent\`, \`aggregateId\` and, in \`data\`:

| event | data | published by | subscribed to by |
| --- | --- | --- | --- |
${events
  .map((name) => {
    const { data } = messages[name].payload.properties;
    return `| \`${name}\` | ${kindOf(data)} | ${who('publishes', name)} | ${who('subscribes', name)} |`;
  })
  .join('\n')}

## Requests

The subject is \`rpc.<name>\`; one replica of the service responds with \`{ "data": … }\` or \`{ "error": … }\`, which is a
[Refusal](#refusal).

| name | request | response | requested by |
| --- | --- | --- | --- |
${requests
  .map((name) => {
    const { payload } = messages[`${name}.request`];
    const { data } = messages[`${name}.response`].payload.oneOf[0].properties;
    return `| \`${name}\` | ${kindOf(payload)} | ${kindOf(data)} | ${who('requests', name)} |`;
  })
  .join('\n')}

## Shapes
${Object.keys(schemas)
  .sort()
  .filter((name) => schemas[name].properties)
  .map((name) => shape(name, schemas[name], kindOf))
  .join('')}`;
}

/** @param {string} name @param {Json} schema @param {(schema: Json) => string} kindOf */
function shape(name, { description, properties, required = [] }, kindOf) {
  const rows = Object.entries(properties).map(
    ([field, schema]) =>
      `| \`${field}\` | ${kindOf(schema)}${required.includes(field) ? '' : ', optional'} | ${schema.description ?? ''} |`,
  );
  return `\n### ${name}\n${description ? `\n${description.replace(/\s+/g, ' ')}\n` : ''}
| field | type | |
| --- | --- | --- |
${rows.join('\n')}\n`;
}

/**
 * What says a type in words, and links to those that have a chapter.
 *
 * @param {Record<string, Json>} schemas
 */
function kindsIn(schemas) {
  return kindOf;

  /** @param {Json} schema @returns {string} */
  function kindOf({ $ref, oneOf, anyOf, allOf, type, items, properties, const: only, enum: values }) {
    if ($ref) {
      const name = $ref.split('/').at(-1);
      return schemas[name]?.properties ? `[${name}](#${name.toLowerCase()})` : kindOf(schemas[name] ?? {});
    }
    const several = oneOf ?? anyOf ?? allOf;
    if (several) return several.map(kindOf).join(' or ');
    if (only !== undefined) return literal(only);
    if (values) return values.map(literal).join(' or ');
    if (items) return `list of ${kindOf(items)}`;
    if (properties) {
      const fields = Object.entries(properties).map(([field, schema]) => `${field}: ${kindOf(schema)}`);
      return `{ ${fields.join(', ')} }`;
    }
    return [type ?? 'anything'].flat().join(' or ');
  }
}

/** @param {unknown} value */
const literal = (value) => `\`${JSON.stringify(value)}\``;
