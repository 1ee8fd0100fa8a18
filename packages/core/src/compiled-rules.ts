import type { Type } from '@nestjs/common';
import { getMetadataStorage, ValidationTypes } from 'class-validator';

type Check = (value: unknown, object: object) => unknown;

interface FieldRules {
  /** The checks apply only while all conditions hold: `@IsOptional()`. */
  conditions: Check[];
  checks: Check[];
}

/** The content of a metadata of class-validator for a rule without groups, besides its declared type. */
interface Metadata {
  type: string;
  propertyName: string;
  constraints: unknown[];
  constraintCls: Function;
  each?: boolean;
  groups?: string[];
  validateIf?: unknown;
}

const compiled = new WeakMap<Type<object>, CompiledRules>();

/**
 * Decides whether an object satisfies the rules of its class. class-validator collects them for each object, which takes
 * most of its time. It still finds the errors of invalid objects, and decides about rules that are not compiled here.
 */
export class CompiledRules {
  private readonly fields = new Map<string, FieldRules>();
  private complete = true;

  private constructor(type: Type<object>) {
    const storage = getMetadataStorage();
    for (const metadata of storage.getTargetValidationMetadatas(type, '', false, false) as Metadata[]) {
      const { propertyName, constraintCls, constraints, each, groups, validateIf } = metadata;
      const field = this.fields.get(propertyName) ?? { conditions: [], checks: [] };
      this.fields.set(propertyName, field);
      if (each || validateIf || groups?.length) this.complete = false;
      else if (metadata.type === ValidationTypes.CONDITIONAL_VALIDATION) {
        const [condition] = constraints as [(object: object, value: unknown) => boolean];
        field.conditions.push((value, object) => condition(object, value));
      } else if (metadata.type === ValidationTypes.NESTED_VALIDATION) field.checks.push(satisfiesOwnRules);
      else if (metadata.type === ValidationTypes.CUSTOM_VALIDATION)
        for (const { instance } of storage.getTargetValidatorConstraints(constraintCls))
          field.checks.push((value, object) =>
            instance.validate(value, {
              value,
              object,
              property: propertyName,
              constraints,
              targetName: type.name,
            }),
          );
      else this.complete = false;
    }
  }

  static of(type: Type<object>): CompiledRules {
    const rules = compiled.get(type) ?? new CompiledRules(type);
    compiled.set(type, rules);
    return rules;
  }

  /** False also when the object has other fields, or a rule is asynchronous: class-validator decides then. */
  satisfiedBy(object: object): boolean {
    if (!this.complete) return false;
    const values = object as Record<string, unknown>;
    for (const name in values) if (!this.fields.has(name)) return false;
    for (const [name, { conditions, checks }] of this.fields) {
      const value = values[name];
      if (allHold(conditions, value, object) && !allHold(checks, value, object)) return false;
    }
    return true;
  }
}

function allHold(checks: Check[], value: unknown, object: object): boolean {
  for (const check of checks) if (check(value, object) !== true) return false;
  return true;
}

function satisfiesOwnRules(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  return CompiledRules.of(value.constructor as Type<object>).satisfiedBy(value);
}
