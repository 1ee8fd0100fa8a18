import { describe, expect, it } from '@jest/globals';
import { failures } from '../testing/failures.js';
import { GadgetPayload } from './{gadget}.payload.js';

const good = { /* sample.one */ };

describe('GadgetPayload', () => {
  it('accepts what the job can do', () => {
    expect(failures(GadgetPayload, good)).toEqual({});
  });

  it('asks for what has to be there', () => {
    const { /* first.name */: _, ...rest } = good;

    expect(failures(GadgetPayload, rest)).toEqual({ /* first.name */: 'missing' });
  });

  it.each([
    /* bad.cases */
  ])('refuses %j', (fields, name, code) => {
    expect(failures(GadgetPayload, { ...good, ...fields })).toEqual({ [name]: code });
  });
});
