// @ts-check
import { createGenerator } from 'ts-json-schema-generator';

/**
 * @typedef {Record<string, any>} Schema
 * @typedef {(type: string) => Schema} SchemaOf
 */

/**
 * What the contracts say of a type, as JSON schema with their comments. The types that it refers to go into `schemas`.
 *
 * @param {string} contracts  the folder of the package
 * @param {Record<string, Schema>} schemas
 * @returns {SchemaOf}
 */
export function schemasOf(contracts, schemas) {
  const generator = createGenerator({
    path: `${contracts}/src/**/*.ts`,
    tsconfig: `${contracts}/tsconfig.json`,
    expose: 'export',
    topRef: false,
    skipTypeCheck: true,
    additionalProperties: true,
  });
  return (type) => {
    const text = JSON.stringify(generator.createSchema(type)).replaceAll(
      '#/definitions/',
      '#/components/schemas/',
    );
    const { $schema: _, definitions, ...schema } = JSON.parse(text);
    Object.assign(schemas, definitions);
    return schema;
  };
}

/**
 * Adds the rules that decorators set to the fields of shapes.
 *
 * @param {Record<string, Schema>} schemas
 * @param {Record<string, Schema>} rules  by the name of the class
 */
export function addRules(schemas, rules) {
  for (const [name, { properties = {} }] of Object.entries(schemas)) {
    for (const [field, rule] of Object.entries(rules[name]?.properties ?? {}))
      if (properties[field]) properties[field] = { ...properties[field], ...rule };
  }
}
