import { describe, expect, it } from '@jest/globals';
import { failures, parsed } from '../testing/failures.js';
import { CreatePostDto, PostParam, UpdatePostDto } from './post.dto.js';

const good = { title: 'My post', text: 'Its text.' };
const create = (fields: object) => failures(CreatePostDto, { ...good, ...fields });

describe('CreatePostDto', () => {
  it('accepts a post with and without a link', () => {
    expect(create({})).toEqual({});
    expect(create({ media_url: null })).toEqual({});
    expect(create({ media_url: 'https://www.example.com/image.png' })).toEqual({});
  });

  it('measures title and text in code points', () => {
    expect(create({ title: '🙂'.repeat(30), text: '🙂'.repeat(63_206) })).toEqual({});
    expect(create({ title: '🙂'.repeat(31), text: '🙂'.repeat(63_207) })).toEqual({
      title: 'string_too_long',
      text: 'string_too_long',
    });
    expect(create({ title: '🙂', text: '' })).toEqual({
      title: 'string_too_short',
      text: 'string_too_short',
    });
  });

  it('rejects text that PostgreSQL cannot store', () => {
    expect(create({ title: 'a\0b', text: '\ud83d' })).toEqual({ title: 'value_error', text: 'value_error' });
  });

  it.each([
    'http://example.com',
    'HTTPS://EXAMPLE.COM/A?b=c#d',
    'ftp://files.example.com/pub',
    'http://localhost:8000/x',
    'https://bücher.example/ü',
    `https://example.com/${'x'.repeat(2028)}`,
  ])('accepts the link %p', (media_url) => {
    expect(create({ media_url })).toEqual({});
  });

  it.each([
    '',
    'example.com',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    '//example.com',
    'https:/example.com',
    'https://',
    'https://?x',
    'https://exa mple.com',
    ' https://example.com',
    'https://example.com\n',
    'https://example.com/\u0007',
    'https://[::1',
  ])('rejects the link %j', (media_url) => {
    expect(create({ media_url })).toEqual({ media_url: 'value_error' });
  });

  it('rejects a link over 2,048', () => {
    expect(create({ media_url: `https://example.com/${'x'.repeat(2029)}` })).toEqual({
      media_url: 'string_too_long',
    });
  });
});

describe('UpdatePostDto', () => {
  it('accepts null for the link only', () => {
    expect(failures(UpdatePostDto, { media_url: null })).toEqual({});
    expect(failures(UpdatePostDto, { title: null, text: null })).toEqual({
      title: 'string_type',
      text: 'string_type',
    });
  });

  it('distinguishes null from a missing field', () => {
    expect(parsed(UpdatePostDto, { media_url: null })).toEqual({ media_url: null });
    expect(Object.keys(parsed(UpdatePostDto, {}))).toEqual([]);
  });
});

describe('PostParam', () => {
  it.each(['1', '-1', '0', '007', '2147483647', '-2147483648'])('converts the id %p', (id) => {
    expect(failures(PostParam, { username: 'userson', id })).toEqual({});
    expect(parsed(PostParam, { username: 'userson', id }).id).toBe(Number(id));
  });

  it.each([
    '',
    'x',
    '1.0',
    '+1',
    ' 1',
    '1e3',
    '0x1',
    '１',
    '2147483648',
    '-2147483649',
    '9'.repeat(400),
    '1\n',
  ])('rejects the id %j', (id) => {
    expect(failures(PostParam, { username: 'userson', id })).toEqual({ id: 'int_parsing' });
  });
});
