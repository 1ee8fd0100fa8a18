import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { breakingChanges } from './compare.ts';

const text = readFileSync(new URL('../../packages/contracts/openapi.json', import.meta.url), 'utf8');

type Document = ReturnType<typeof JSON.parse>;

/** The changes that break clients when the committed document is changed. */
function after(change: (document: Document) => void): string[] {
  const document = JSON.parse(text);
  change(document);
  return breakingChanges(JSON.parse(text), document);
}
const user = (document: Document) => document.components.schemas.UserRead;
const signUp = (document: Document) => document.components.schemas.CreateUserDto;

describe('breakingChanges', () => {
  it('is empty for the same document, and for one with additions', () => {
    assert.deepEqual(
      after(() => undefined),
      [],
    );
    assert.deepEqual(
      after((document) => {
        user(document).properties.nickname = { type: 'string' };
        signUp(document).properties.nickname = { type: 'string' };
        document.paths['/api/v1/new'] = { get: { responses: {} } };
        document.paths['/api/v1/user/{username}'].get.parameters[0].schema.maxLength = 20;
      }),
      [],
    );
  });

  it('names a renamed field', () => {
    const sentences = after((document) => {
      const { username, ...rest } = user(document).properties;
      user(document).properties = { ...rest, login: username };
    });

    assert.deepEqual(sentences, ['The field username of UserRead is gone (renamed to login?).']);
  });

  it('names removed routes, required fields, tighter limits and other types', () => {
    const sentences = after((document) => {
      delete document.paths['/api/v1/users'].get;
      signUp(document).properties.phone = { type: 'string' };
      signUp(document).required.push('phone');
      signUp(document).properties.name.maxLength = 10;
      user(document).properties.id.type = 'string';
    });

    assert.deepEqual(sentences.sort(), [
      'CreateUserDto.name: maxLength is 10, where it was 30.',
      'GET /api/v1/user/me: UserRead.id is string, where it was integer.',
      'GET /api/v1/users is gone.',
      'POST /api/v1/user: UserRead.id is string, where it was integer.',
      'The field phone of CreateUserDto is required now.',
    ]);
  });
});
