import { describe, expect, it } from '@jest/globals';
import { failures, parsed } from '../testing/failures.js';
import { ChangePasswordDto, LoginForm } from './auth.dto.js';

const good = { username: 'userson', password: 'x' };
const login = (fields: object) => failures(LoginForm, { ...good, ...fields });

describe('LoginForm', () => {
  it('accepts a username or an email address, and a password of any strength', () => {
    expect(login({})).toEqual({});
    expect(login({ username: 'user@example.com', password: 'password' })).toEqual({});
  });

  it.each(['ada', 'Ada', ' ada\t', 'ADA '])('reads the username of %j as ada', (username) => {
    expect(login({ username })).toEqual({});
    expect(parsed(LoginForm, { ...good, username }).username).toBe('ada');
  });

  it('rejects a username of blanks, and does not change the password', () => {
    expect(login({ username: ' ' })).toEqual({ username: 'string_too_short' });
    expect(parsed(LoginForm, { ...good, password: ' X ' }).password).toBe(' X ');
  });

  it('accepts the other fields of OAuth2', () => {
    expect(login({ grant_type: 'password', scope: '', client_id: '', client_secret: 'x' })).toEqual({});
  });

  it('rejects another grant, an empty form and an unknown field', () => {
    expect(login({ grant_type: 'implicit' })).toEqual({ grant_type: 'string_pattern_mismatch' });
    expect(failures(LoginForm, {})).toEqual({ username: 'missing', password: 'missing' });
    expect(login({ otp: '1' })).toEqual({ otp: 'extra_forbidden' });
  });

  it('rejects a repeated field', () => {
    expect(login({ username: ['a', 'b'] })).toEqual({ username: 'string_type' });
  });
});

describe('ChangePasswordDto', () => {
  it('applies the password rules to the new password only', () => {
    expect(failures(ChangePasswordDto, { current_password: 'old', new_password: 'Str1ngst!' })).toEqual({});
    expect(failures(ChangePasswordDto, { current_password: 'old', new_password: 'password' })).toEqual({
      new_password: 'value_error',
    });
  });
});
