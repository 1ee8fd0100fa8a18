import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: string[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header' | 'cookie';
  required: boolean;
  schema: Schema;
}

interface RawOperation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
  security?: object[];
}

interface RawDocument {
  paths: Record<string, Record<string, RawOperation>>;
  components: { schemas: Record<string, Schema> };
}

/** An operation of the API document. */
export interface Operation {
  /** `GET /user/{username}`. */
  route: `${string} /${string}`;
  method: string;
  /** Needs a token. */
  secured: boolean;
  parameters: Parameter[];
  json?: Schema;
  form?: Schema;
  /** Validators of bodies by status; undefined: the document has no schema for the body. */
  successes: Map<number, ValidateFunction | undefined>;
}

export interface ApiDocument {
  operations: Operation[];
  isProblem: ValidateFunction;
}

const PREFIX = '/api/v1';

/** Reads the API document. Objects must not have properties that it does not describe. */
export function readDocument(raw: RawDocument): ApiDocument {
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  addFormats.default(ajv);
  const closed = closeObjects(raw) as RawDocument;
  ajv.addSchema(closed, 'api');
  const compile = (pointer: string) => ajv.compile({ $ref: `api#${pointer}` });

  const operations = Object.entries(closed.paths).flatMap(([path, methods]) =>
    withoutStreams(methods).map(([method, operation]): Operation => {
      const at = `/paths/${escapePointer(path)}/${method}`;
      const content = operation.requestBody?.content;
      return {
        route: `${method.toUpperCase()} ${path.replace(PREFIX, '')}` as Operation['route'],
        method: method.toUpperCase(),
        secured: isSecured(operation) || path.endsWith('/refresh'), // It reads the cookie.
        parameters: operation.parameters ?? [],
        json: resolve(raw, content?.['application/json']?.schema),
        form: resolve(raw, content?.['application/x-www-form-urlencoded']?.schema),
        successes: new Map(
          Object.entries(operation.responses)
            .filter(([status]) => status.startsWith('2'))
            .map(([status, response]) => [
              Number(status),
              response.content?.['application/json'] &&
                compile(`${at}/responses/${status}/content/application~1json/schema`),
            ]),
        ),
      };
    }),
  );
  return { operations, isProblem: compile('/components/schemas/Problem') };
}

/** A stream responds for as long as its task takes, so it is not among the generated requests. */
function withoutStreams(methods: Record<string, RawOperation>): [string, RawOperation][] {
  return Object.entries(methods).filter(
    ([, { responses }]) => !responses['200']?.content?.['text/event-stream'],
  );
}

function isSecured({ security = [] }: RawOperation): boolean {
  return security.length > 0 && security.every((one) => Object.keys(one).length > 0);
}

function resolve(raw: RawDocument, schema: Schema | undefined): Schema | undefined {
  const name = schema?.$ref?.split('/').at(-1);
  return name ? raw.components.schemas[name] : schema;
}

/** Adds `additionalProperties: false` to the schemas of objects. */
function closeObjects(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closeObjects);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closeObjects(value)]));
  const isObjectSchema = copy.type === 'object' && copy.properties && copy.additionalProperties === undefined;
  return isObjectSchema ? { ...copy, additionalProperties: false } : copy;
}

const escapePointer = (path: string) => encodeURIComponent(path.replaceAll('~', '~0').replaceAll('/', '~1'));
