import fc from 'fast-check';
import { ALL_ROUTES } from '../../support/routes.js';
import type { Operation, Parameter, Schema } from './document.js';
import { anyText, badText, badValue, goodValue, PASSWORD, USERNAME } from './values.js';

const CALLERS = ['nobody', 'forger', 'owner', 'superuser'] as const;
const TARGETS = ['own', 'others', 'gone', 'absurd'] as const;

/** A request before it is sent: plain data, so that it can be kept and sent again. */
export interface Plan {
  route: Operation['route'];
  caller: (typeof CALLERS)[number];
  target: (typeof TARGETS)[number];
  /** Stands for every part of the path when the target is absurd. */
  absurd: string;
  query: [name: string, value: string][];
  headers: [name: string, value: string][];
  json?: unknown;
  form?: Record<string, string>;
  /** What is wrong with it, and the status that says so; null when all is right. */
  wrong: { what: string; status: number } | null;
}

const FOR_SUPERUSERS = new Set<string>(
  ALL_ROUTES.flatMap(([route, access]) => (access === 'superuser' ? [route] : [])),
);

/** Requests for an operation, right and wrong by turns. */
export function plansFor(operation: Operation): fc.Arbitrary<Plan> {
  const usual = FOR_SUPERUSERS.has(operation.route) ? 'superuser' : 'owner';
  return fc
    .record({
      route: fc.constant(operation.route),
      caller: fc.oneof(
        { weight: 5, arbitrary: fc.constant<Plan['caller']>(usual) },
        fc.constantFrom(...CALLERS),
      ),
      target: fc.oneof({ weight: 4, arbitrary: fc.constant('own' as const) }, fc.constantFrom(...TARGETS)),
      absurd: anyText(1, 40).map((text) => `~${text}`),
      query: goodQuery(operation.parameters),
      headers: goodHeaders(operation.parameters),
      json: operation.json ? goodBody(operation.json) : fc.constant(undefined),
      form: operation.form ? goodForm(operation.form) : fc.constant(undefined),
      wrong: fc.constant(null),
    })
    .chain((right): fc.Arbitrary<Plan> => {
      const mistakes = mistakesIn(operation, right);
      return mistakes.length > 0 ? fc.oneof(fc.constant(right), ...mistakes) : fc.constant(right);
    });
}

function goodQuery(parameters: Parameter[]): fc.Arbitrary<Plan['query']> {
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const required = inQuery.filter((parameter) => parameter.required);
  const optional = inQuery.filter((parameter) => !parameter.required);
  return fc
    .subarray(optional, { maxLength: Math.min(optional.length, 4) })
    .map((chosen) => {
      // A list goes either by page or by cursor, and a page is far enough when there are many.
      const byCursor = chosen.some(({ name }) => name === 'cursor');
      return [
        ...required,
        ...chosen.filter(({ name }) => !(byCursor && (name === 'page' || name === 'sort'))),
      ];
    })
    .chain((chosen) =>
      fc.tuple(
        ...chosen.map(({ name, schema }) =>
          (name === 'cursor' ? fc.constant('') : goodText(name, schema)).map((value): [string, string] => [
            name,
            value,
          ]),
        ),
      ),
    );
}

/** In a query and a header all is text; a list is one text with commas. */
function goodText(name: string, schema: Schema): fc.Arbitrary<string> {
  const plain = { ...schema, type: [schema.type ?? 'string'].flat().filter((type) => type !== 'null') };
  return goodValue(name === 'message' ? '' : name.includes('__') ? '' : inQueryOnly(name), plain).map(
    (value) =>
      Array.isArray(value) ? value.map((item) => String(item).replaceAll(',', '_')).join(',') : String(value),
  );
}

/** Names mean something in bodies; in a query a filter may have any value. */
const inQueryOnly = (name: string) => `query ${name}`;

function goodHeaders(parameters: Parameter[]): fc.Arbitrary<Plan['headers']> {
  const headers = parameters.filter((parameter) => parameter.in === 'header');
  return fc
    .tuple(...headers.map(({ name }) => fc.option(fc.uuid().map((value): [string, string] => [name, value]))))
    .map((all) => all.filter((one) => one !== null));
}

function goodBody({ properties = {}, required = [] }: Schema): fc.Arbitrary<Record<string, unknown>> {
  const arbitraries = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, goodValue(name, schema)]),
  );
  return fc.record(arbitraries, { requiredKeys: required, noNullPrototype: true });
}

function goodForm({ properties = {} }: Schema): fc.Arbitrary<Record<string, string>> {
  const extra = Object.keys(properties).filter((name) => name.startsWith('client_') || name === 'scope');
  return fc.subarray(extra).map((chosen) => ({
    username: USERNAME,
    password: PASSWORD,
    ...Object.fromEntries(chosen.map((name) => [name, 'anything'])),
  }));
}

/** What can be wrong with a request to this operation. */
function mistakesIn({ json, form, parameters }: Operation, right: Plan): fc.Arbitrary<Plan>[] {
  const wrong = (what: string, status = 422) => ({ wrong: { what, status } });
  const mistakes: fc.Arbitrary<Plan>[] = [];
  const fields = Object.entries(json?.properties ?? {});
  if (json && fields.length > 0) {
    const body = right.json as Record<string, unknown>;
    mistakes.push(
      fc.constantFrom(...fields).chain(([name, schema]) =>
        badValue(name, schema).map(({ value, what }) => ({
          ...right,
          json: { ...body, [name]: value },
          ...wrong(`${what} for ${name}`),
        })),
      ),
      fc.constantFrom('extra', 'is_superuser', 'id', 'constructor').map((name) => ({
        ...right,
        json: { ...body, [name]: 1 },
        ...wrong(`the extra field ${name}`),
      })),
      fc
        .constantFrom<unknown>([], 'text', 5, null)
        .map((value) => ({ ...right, json: value, ...wrong('a body that is no object') })),
    );
    const required = json.required ?? [];
    if (required.length > 0) {
      mistakes.push(
        fc.constantFrom(...required).map((name) => {
          const { [name]: _, ...rest } = body;
          return { ...right, json: rest, ...wrong(`no ${name}`) };
        }),
      );
    }
  }
  if (form) {
    mistakes.push(
      fc.constantFrom('username', 'password').map((name) => {
        const { [name]: _, ...rest } = right.form!;
        return { ...right, form: rest, ...wrong(`no ${name}`) };
      }),
      fc.constant({
        ...right,
        form: { ...right.form, grant_type: 'implicit' },
        ...wrong('another grant type'),
      }),
    );
  }
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  if (inQuery.length > 0) {
    mistakes.push(
      fc.constantFrom(...inQuery).chain(({ name, schema }) =>
        badText(name, schema).map(({ value, what }) => ({
          ...right,
          query: [...right.query.filter(([other]) => other !== name), [name, value] as [string, string]],
          ...wrong(`${what} for ${name}`),
        })),
      ),
    );
  }
  return mistakes;
}
