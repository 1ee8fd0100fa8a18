import fc from 'fast-check';
import { ALL_ROUTES } from '../../support/routes.ts';
import type { Operation, Parameter, Schema } from './document.ts';
import { anyText, invalidText, invalidValue, PASSWORD, USERNAME, validField, validValue } from './values.ts';

/** `forger`: with a token whose signature is wrong. */
const CALLERS = ['anonymous', 'forger', 'owner', 'superuser'] as const;
/** The target of the path: something of the user who sends the request, of another user, deleted, or invalid. */
const TARGETS = ['own', 'other', 'deleted', 'invalid'] as const;

/** A request as plain data, so that it can be stored and sent again. */
export interface Plan {
  route: Operation['route'];
  caller: (typeof CALLERS)[number];
  target: (typeof TARGETS)[number];
  /** Every parameter of the path when the target is `invalid`. */
  invalid: string;
  query: [name: string, value: string][];
  headers: [name: string, value: string][];
  json?: unknown;
  form?: Record<string, string>;
  /** The mistake in the request, and the status of the expected answer; null: the request is valid. */
  mistake: { what: string; status: number } | null;
}

const FOR_SUPERUSERS = new Set<string>(
  ALL_ROUTES.flatMap(([route, access]) => (access === 'superuser' ? [route] : [])),
);

/** Valid and invalid requests to an operation. */
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
      invalid: anyText(1, 40).map((text) => `~${text}`),
      query: validQuery(operation.parameters),
      headers: validHeaders(operation.parameters),
      json: operation.json ? validBody(operation.json) : fc.constant(undefined),
      form: operation.form ? validForm(operation.form) : fc.constant(undefined),
      mistake: fc.constant(null),
    })
    .chain((valid): fc.Arbitrary<Plan> => {
      return fc.oneof(fc.constant(valid), ...invalidPlans(operation, valid));
    });
}

function validQuery(parameters: Parameter[]): fc.Arbitrary<Plan['query']> {
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const required = inQuery.filter((parameter) => parameter.required);
  const optional = inQuery.filter((parameter) => !parameter.required);
  return fc
    .subarray(optional, { maxLength: Math.min(optional.length, 4) })
    .map((chosen) => {
      // A list takes either a page or a cursor.
      const byCursor = chosen.some(({ name }) => name === 'cursor');
      return [
        ...required,
        ...chosen.filter(({ name }) => !(byCursor && (name === 'page' || name === 'sort'))),
      ];
    })
    .chain((chosen) =>
      fc.tuple(
        ...chosen.map(({ name, schema }) =>
          (name === 'cursor' ? fc.constant('') : validText(schema)).map((value): [string, string] => [
            name,
            value,
          ]),
        ),
      ),
    );
}

/** The value of a parameter as text. An array is one text with commas. */
function validText(schema: Schema): fc.Arbitrary<string> {
  const plain = { ...schema, type: [schema.type ?? 'string'].flat().filter((type) => type !== 'null') };
  return validValue(plain).map((value) =>
    Array.isArray(value) ? value.map((item) => String(item).replaceAll(',', '_')).join(',') : String(value),
  );
}

function validHeaders(parameters: Parameter[]): fc.Arbitrary<Plan['headers']> {
  const headers = parameters.filter((parameter) => parameter.in === 'header');
  return fc
    .tuple(...headers.map(({ name }) => fc.option(fc.uuid().map((value): [string, string] => [name, value]))))
    .map((all) => all.filter((one) => one !== null));
}

function validBody({ properties = {}, required = [] }: Schema): fc.Arbitrary<Record<string, unknown>> {
  const arbitraries = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, validField(name, schema)]),
  );
  return fc.record(arbitraries, { requiredKeys: required, noNullPrototype: true });
}

function validForm({ properties = {} }: Schema): fc.Arbitrary<Record<string, string>> {
  const extra = Object.keys(properties).filter((name) => name.startsWith('client_') || name === 'scope');
  return fc.subarray(extra).map((chosen) => ({
    username: USERNAME,
    password: PASSWORD,
    ...Object.fromEntries(chosen.map((name) => [name, 'anything'])),
  }));
}

/** The request with one mistake, of every kind that is possible for this operation. */
function invalidPlans(operation: Operation, valid: Plan): fc.Arbitrary<Plan>[] {
  return [
    ...(operation.json ? withInvalidBody(operation.json, valid) : []),
    ...(operation.form ? withInvalidForm(valid) : []),
    ...withInvalidQuery(operation.parameters, valid),
  ];
}

const withMistake = (what: string, status = 422) => ({ mistake: { what, status } });

function withInvalidBody({ properties = {}, required = [] }: Schema, valid: Plan): fc.Arbitrary<Plan>[] {
  const fields = Object.entries(properties);
  if (fields.length === 0) return [];
  const body = valid.json as Record<string, unknown>;
  const plans: fc.Arbitrary<Plan>[] = [
    fc.constantFrom(...fields).chain(([name, schema]) =>
      invalidValue(name, schema).map(({ value, what }) => ({
        ...valid,
        json: { ...body, [name]: value },
        ...withMistake(`${what} for ${name}`),
      })),
    ),
    fc.constantFrom('extra', 'is_superuser', 'id', 'constructor').map((name) => ({
      ...valid,
      json: { ...body, [name]: 1 },
      ...withMistake(`the extra field ${name}`),
    })),
    fc
      .constantFrom<unknown>([], 'text', 5, null)
      .map((value) => ({ ...valid, json: value, ...withMistake('a body that is no object') })),
  ];
  if (required.length > 0) {
    plans.push(
      fc.constantFrom(...required).map((name) => {
        const { [name]: _, ...rest } = body;
        return { ...valid, json: rest, ...withMistake(`no ${name}`) };
      }),
    );
  }
  return plans;
}

function withInvalidForm(valid: Plan): fc.Arbitrary<Plan>[] {
  return [
    fc.constantFrom('username', 'password').map((name) => {
      const { [name]: _, ...rest } = valid.form!;
      return { ...valid, form: rest, ...withMistake(`no ${name}`) };
    }),
    fc.constant({
      ...valid,
      form: { ...valid.form, grant_type: 'implicit' },
      ...withMistake('another grant type'),
    }),
  ];
}

function withInvalidQuery(parameters: Parameter[], valid: Plan): fc.Arbitrary<Plan>[] {
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  if (inQuery.length === 0) return [];
  return [
    fc.constantFrom(...inQuery).chain(({ name, schema }) =>
      invalidText(name, schema).map(({ value, what }) => ({
        ...valid,
        query: [...valid.query.filter(([other]) => other !== name), [name, value] as [string, string]],
        ...withMistake(`${what} for ${name}`),
      })),
    ),
  ];
}
