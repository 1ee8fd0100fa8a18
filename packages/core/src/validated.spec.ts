import { describe, expect, it } from '@jest/globals';
import { StringField } from '@repo/contracts';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { validated } from './validated.js';

class Street {
  @StringField({ min: 2 })
  name: string;
}

class Streets {
  @Type(() => Street)
  @ValidateNested({ each: true })
  streets: Street[];
}

describe('validated', () => {
  it('returns the path of an invalid field in a list, with the index as a number', async () => {
    const input = { streets: [{ name: 'fine' }, { name: 'x', other: 1 }] };

    await expect(validated(Streets, input, { location: 'body', forbidExtra: true })).rejects.toMatchObject({
      fields: [
        { loc: ['body', 'streets', 1, 'other'], type: 'extra_forbidden' },
        { loc: ['body', 'streets', 1, 'name'], type: 'string_too_short' },
      ],
    });
  });
});
