import { describe, expect, it } from '@jest/globals';
import { failures } from '../testing/failures.js';
import { GadgetPayload } from './{gadget}.payload.js';

const valid = { /* sample.one */ };

describe('GadgetPayload', () => {
  it('accepts a valid payload', () => {
    expect(failures(GadgetPayload, valid)).toEqual({});
  });

  it('requires the fields that are not optional', () => {
    const { /* first.name */: _, ...rest } = valid;

    expect(failures(GadgetPayload, rest)).toEqual({ /* first.name */: 'missing' });
  });

  it.each([
    /* bad.cases */
  ])('refuses %j', (fields, name, code) => {
    expect(failures(GadgetPayload, { ...valid, ...fields })).toEqual({ [name]: code });
  });
});
