import { describe, expect, it } from '@jest/globals';
import { failures } from '../testing/failures.js';
import { CreateGadgetDto, UpdateGadgetDto } from './{gadget}.dto.js';

const good = { /* sample.one */ };

describe('CreateGadgetDto', () => {
  it('accepts what is good', () => {
    expect(failures(CreateGadgetDto, good)).toEqual({});
  });

  it('asks for what has to be there', () => {
    const { /* first.name */: _, ...rest } = good;

    expect(failures(CreateGadgetDto, rest)).toEqual({ /* first.name */: 'missing' });
  });

  it.each([
    /* bad.cases */
  ])('refuses %j', (fields, name, code) => {
    expect(failures(CreateGadgetDto, { ...good, ...fields })).toEqual({ [name]: code });
  });
});

describe('UpdateGadgetDto', () => {
  it('accepts each field alone, and none', () => {
    expect(failures(UpdateGadgetDto, {})).toEqual({});
    for (const [name, value] of Object.entries(good))
      expect(failures(UpdateGadgetDto, { [name]: value })).toEqual({});
  });

  it('refuses a null where there has to be something', () => {
    expect(Object.keys(failures(UpdateGadgetDto, { /* first.name */: null }))).toEqual(['/* first.name */']);
  });
});
