import { describe, expect, it } from '@jest/globals';
import type { Api } from '@repo/api-client';
import { dataOf, newClient } from '../../support/client.js';
import { POST } from '../../support/shapes.js';

/** Somebody new with posts of these titles. */
async function newAuthor(...titles: string[]) {
  const { api, user } = await newClient();
  const author = authorOf(api, user.username);
  for (const title of titles) await author.write(title);
  return author;
}

function authorOf(api: Api, username: string) {
  const pathOf = (id: number) => ({ params: { path: { username, id } } });
  return {
    write: async (title: string) => {
      const params = { path: { username } };
      return dataOf(await api.POST('/api/v1/{username}/post', { params, body: { title, text: 'A text.' } }))
        .id;
    },
    read: (id: number) => api.GET('/api/v1/{username}/post/{id}', pathOf(id)),
    rename: (id: number, title: string) =>
      api.PATCH('/api/v1/{username}/post/{id}', { ...pathOf(id), body: { title } }),
    remove: (id: number) => api.DELETE('/api/v1/{username}/post/{id}', pathOf(id)),
    list: async (query?: { page?: number; items_per_page?: number; cursor?: string }) =>
      dataOf(await api.GET('/api/v1/{username}/posts', { params: { path: { username }, query } })),
  };
}

describe('an author', () => {
  it('finds the own posts, page by page and by cursor', async () => {
    const author = await newAuthor('Post 0', 'Post 1', 'Post 2', 'Post 3', 'Post 4');
    const titles = ({ data }: { data: { title: string }[] }) => data.map(({ title }) => title);

    const pages = await Promise.all([1, 2, 3, 4].map((page) => author.list({ page, items_per_page: 2 })));
    expect(pages.map((page) => [titles(page), page.has_more])).toEqual([
      [['Post 0', 'Post 1'], true],
      [['Post 2', 'Post 3'], true],
      [['Post 4'], false],
      [[], false],
    ]);
    expect(pages[0]).toMatchObject({ total_count: 5, page: 1, items_per_page: 2 });

    const walked: string[][] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await author.list({ cursor, items_per_page: 2 });
      walked.push(titles(page));
      cursor = 'next_cursor' in page ? page.next_cursor : null;
    }
    expect(walked).toEqual([['Post 0', 'Post 1'], ['Post 2', 'Post 3'], ['Post 4']]);
  });

  it('sees every own change at once', async () => {
    const author = await newAuthor();
    const titles = async () => (await author.list()).data.map(({ title }) => title);

    const id = await author.write('Before');
    expect(dataOf(await author.read(id))).toEqual({ ...POST, id, title: 'Before' });
    expect(await titles()).toEqual(['Before']);

    expect(dataOf(await author.rename(id, 'After'))).toEqual({ message: 'Post updated' });
    expect(dataOf(await author.read(id)).title).toBe('After');
    expect(await titles()).toEqual(['After']);

    await author.write('Second');
    expect(await titles()).toEqual(['After', 'Second']);

    expect(dataOf(await author.remove(id))).toEqual({ message: 'Post deleted' });
    expect((await author.read(id)).error).toMatchObject({ status: 404, detail: 'Post not found' });
    expect(await titles()).toEqual(['Second']);
  });
});
