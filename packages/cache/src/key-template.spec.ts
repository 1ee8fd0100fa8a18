import { describe, expect, it } from '@jest/globals';
import { cacheKey, KeyTemplate } from './key-template.js';

const render = (template: string, params: Record<string, unknown>, query: Record<string, unknown> = {}) =>
  new KeyTemplate(template).key({ params, query });

describe('KeyTemplate', () => {
  it('inserts path and query parameters', () => {
    expect(render('{username}_posts:{page}', { username: 'ann' }, { page: '2' })).toBe('ann_posts:2');
  });

  it('distinguishes a parameter that was not sent from an empty one', () => {
    expect(render('posts:{cursor}', {})).not.toBe(render('posts:{cursor}', {}, { cursor: '' }));
  });

  it.each([
    ['the separator', { a: 'x:y', b: 'z' }, { a: 'x', b: 'y:z' }],
    ['a placeholder', { a: '{b}', b: 'z' }, { a: 'z', b: 'z' }],
    ['an encoded separator', { a: 'x%3Ay', b: 'z' }, { a: 'x:y', b: 'z' }],
    ['the text for an absent parameter', { a: '@', b: 'z' }, { b: 'z' }],
    ['a list', { a: 'x,y', b: 'z' }, { a: ['x', 'y'], b: 'z' }],
    ['a lone surrogate', { a: '\ud800', b: 'z' }, { a: '"\\ud800"', b: 'z' }],
  ])('makes different keys when a value contains %s', (_, one, other) => {
    expect(render('{a}:{b}', one)).not.toBe(render('{a}:{b}', other));
  });

  it('does not cover a query with a parameter that is not in the key', () => {
    const template = new KeyTemplate('{username}_posts:{page}');
    const covers = (query: Record<string, unknown>) =>
      template.covers({ params: { username: 'ann' }, query });

    expect(covers({})).toBe(true);
    expect(covers({ page: '1' })).toBe(true);
    expect(covers({ page: '1', sort: 'id' })).toBe(false);
    expect(covers({ username: 'bob' })).toBe(false);
  });

  it('throws when a parameter of a tag is missing', () => {
    expect(() => new KeyTemplate('user:{name}').tag({ params: {} })).toThrow('{name}');
  });

  it('makes the same key as cacheKey', () => {
    expect(cacheKey`user:${'a:b'}:${1}`).toBe(render('user:{name}:{id}', { name: 'a:b', id: '1' }));
  });
});
