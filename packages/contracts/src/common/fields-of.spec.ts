import { describe, expect, it } from '@jest/globals';
import { PublicUser, UserRead } from '../users/user.dto.js';
import { fieldsOf } from './fields-of.js';

describe('fieldsOf', () => {
  it('returns the documented fields, those of the base class included', () => {
    expect(fieldsOf(PublicUser)).toEqual(['id', 'name', 'username', 'profile_image_url', 'tier_id']);
    expect(fieldsOf(UserRead).toSorted()).toEqual([...fieldsOf(PublicUser), 'email'].toSorted());
  });
});
