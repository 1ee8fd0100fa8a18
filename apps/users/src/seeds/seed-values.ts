import type { Type } from '@nestjs/common';
import { InvalidInputError, validated } from '@repo/core';

/**
 * Validates the values of a seed with the rules of the API, and normalizes them.
 *
 * @param prefix `ADMIN_` when the setting of `email` is ADMIN_EMAIL
 * @throws Error that names each invalid setting
 */
export async function seedValues<T extends object>(type: Type<T>, prefix: string, values: T): Promise<T> {
  try {
    return await validated(type, values, { location: 'settings', forbidExtra: true });
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const faults = error.fields!.map(
      ({ loc, msg }) => `${prefix}${String(loc.at(-1)).toUpperCase()}: ${msg}`,
    );
    throw new Error(faults.join('\n'), { cause: error });
  }
}
