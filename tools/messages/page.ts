import { SERVICE_NAMES } from '../../infra/services.ts';
import type { Schema, Schemas } from '../openapi/types.ts';
import type { AsyncApi } from './asyncapi.ts';

/** docs/messages.md, from the AsyncAPI document. */
export function messagesPage({ channels, operations, components: { messages, schemas } }: AsyncApi): string {
  const names = Object.keys(channels);
  const by = (verb: string, name: string) =>
    SERVICE_NAMES.filter((service) => operations[`${service}.${verb}.${name}`]).join(', ');
  const kindOf = (schema: Schema | undefined) => kind(schema ?? {}, schemas);
  const events = names
    .filter((name) => messages[name])
    .map((name) => {
      const data = messages[name]?.payload.properties?.data;
      return `| \`${name}\` | ${kindOf(data)} | ${by('publishes', name)} | ${by('subscribes', name)} |`;
    });
  const requests = names
    .filter((name) => messages[`${name}.request`])
    .map((name) => {
      const response = messages[`${name}.response`]?.payload.oneOf?.[0]?.properties?.data;
      const request = messages[`${name}.request`]?.payload;
      return `| \`${name}\` | ${kindOf(request)} | ${kindOf(response)} | ${by('requests', name)} |`;
    });

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
${events.join('\n')}

## Requests

The subject is \`rpc.<name>\`; one replica of the service responds with \`{ "data": … }\` or \`{ "error": … }\`, which is a
[Refusal](#refusal).

| name | request | response | requested by |
| --- | --- | --- | --- |
${requests.join('\n')}

## Shapes
${Object.entries(schemas)
  .map(([name, schema]) => shape(name, schema, schemas))
  .join('')}`;
}

function shape(
  name: string,
  { description, properties = {}, required = [] }: Schema,
  schemas: Schemas,
): string {
  const rows = Object.entries(properties).map(([field, schema]) => {
    const optional = required.includes(field) ? '' : ', optional';
    return `| \`${field}\` | ${kind(schema, schemas)}${optional} | ${schema.description ?? ''} |\n`;
  });
  return [
    `\n### ${name}\n`,
    description ? `\n${description}\n` : '',
    rows.length > 0 ? `\n| field | type | |\n| --- | --- | --- |\n${rows.join('')}` : '\nNo fields.\n',
  ].join('');
}

/** A type in words, with links to the shapes. */
function kind(
  { $ref, oneOf, anyOf, allOf, type, items, const: only, enum: values }: Schema,
  schemas: Schemas,
): string {
  const name = $ref?.split('/').at(-1) ?? '';
  if (schemas[name]) return `[${name}](#${name.toLowerCase()})`;
  const several = oneOf ?? anyOf ?? allOf;
  if (several) return several.map((one) => kind(one, schemas)).join(' or ');
  const literals = values ?? (only === undefined ? undefined : [only]);
  if (literals) return literals.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  if (items) return `list of ${kind(items, schemas)}`;
  return [type ?? 'any'].flat().join(' or ');
}
