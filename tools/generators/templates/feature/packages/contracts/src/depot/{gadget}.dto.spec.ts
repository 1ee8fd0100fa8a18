import { describe, expect, it } from '@jest/globals';
import { failures } from '../testing/failures.js';
import { CreateGadgetDto, UpdateGadgetDto } from './{gadget}.dto.js';

const valid = { /* sample.one */ };

describe('CreateGadgetDto', () => {
  it('accepts a valid body', () => {
    expect(failures(CreateGadgetDto, valid)).toEqual({});
  });

  it('requires the fields that are not optional', () => {
    const { /* first.name */: _, ...rest } = valid;

    expect(failures(CreateGadgetDto, rest)).toEqual({ /* first.name */: 'missing' });
  });

  it.each([
    /* bad.cases */
  ])('refuses %j', (fields, name, code) => {
    expect(failures(CreateGadgetDto, { ...valid, ...fields })).toEqual({ [name]: code });
  });
});

describe('UpdateGadgetDto', () => {
  it('accepts any of the fields, and none', () => {
    expect(failures(UpdateGadgetDto, {})).toEqual({});
    for (const [name, value] of Object.entries(valid))
      expect(failures(UpdateGadgetDto, { [name]: value })).toEqual({});
  });

  it('refuses null for a field that is not nullable', () => {
    expect(Object.keys(failures(UpdateGadgetDto, { /* first.name */: null }))).toEqual(['/* first.name */']);
  });
});
