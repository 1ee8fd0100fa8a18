import { describe, expect, it } from '@jest/globals';
import { cacheKey, KeyTemplate } from './key-template.js';

const render = (template: string, params: Record<string, unknown>, query: Record<string, unknown> = {}) =>
  new KeyTemplate(template).render({ params, query });

describe('KeyTemplate', () => {
  it('takes path and query parameters', () => {
    expect(render('{username}_posts:{page}', { username: 'ann' }, { page: '2' })).toBe('ann_posts:2');
  });

  it('tells a parameter that was not sent from one that was sent empty', () => {
    expect(render('posts:{cursor}', {})).not.toBe(render('posts:{cursor}', {}, { cursor: '' }));
  });

  it.each([
    ['the separator', { a: 'x:y', b: 'z' }, { a: 'x', b: 'y:z' }],
    ['a placeholder', { a: '{b}', b: 'z' }, { a: 'z', b: 'z' }],
    ['an encoded separator', { a: 'x%3Ay', b: 'z' }, { a: 'x:y', b: 'z' }],
    ['the mark of what is absent', { a: '@', b: 'z' }, { b: 'z' }],
    ['a list', { a: 'x,y', b: 'z' }, { a: ['x', 'y'], b: 'z' }],
    ['a lone surrogate', { a: '\ud800', b: 'z' }, { a: '"\\ud800"', b: 'z' }],
  ])('cannot be made to collide by %s', (_, one, other) => {
    expect(render('{a}:{b}', one)).not.toBe(render('{a}:{b}', other));
  });

  it('knows when a query says more than the key does', () => {
    const template = new KeyTemplate('{username}_posts:{page}');
    const covers = (query: Record<string, unknown>) =>
      template.covers({ params: { username: 'ann' }, query });

    expect(covers({})).toBe(true);
    expect(covers({ page: '1' })).toBe(true);
    expect(covers({ page: '1', sort: 'id' })).toBe(false);
    expect(covers({ username: 'bob' })).toBe(false);
  });

  it('refuses to make a tag without its value', () => {
    expect(() => new KeyTemplate('user:{name}').renderComplete({ params: {} })).toThrow('{name}');
  });

  it('agrees with cacheKey', () => {
    expect(cacheKey`user:${'a:b'}:${1}`).toBe(render('user:{name}:{id}', { name: 'a:b', id: '1' }));
  });
});
