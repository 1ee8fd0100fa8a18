import { describe, expect, it } from '@jest/globals';
import { createClient, dataOf } from '../support/client.ts';

/** A new user with posts of these titles, and its requests. */
async function createAuthor(...titles: string[]) {
  const { api, user } = await createClient();
  const { username } = user;
  const pathOf = (id: number) => ({ params: { path: { username, id } } });
  const author = {
    create: async (title: string) => {
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
  for (const title of titles) await author.create(title);
  return author;
}

describe('an author', () => {
  it('lists its posts by page and by cursor', async () => {
    const author = await createAuthor('Post 0', 'Post 1', 'Post 2', 'Post 3', 'Post 4');
    const titles = ({ data }: { data: { title: string }[] }) => data.map(({ title }) => title);

    const pages = await Promise.all([1, 2, 3, 4].map((page) => author.list({ page, items_per_page: 2 })));
    expect(pages.map((page) => [titles(page), page.has_more])).toEqual([
      [['Post 0', 'Post 1'], true],
      [['Post 2', 'Post 3'], true],
      [['Post 4'], false],
      [[], false],
    ]);
    expect(pages[0]).toMatchObject({ total_count: 5, page: 1, items_per_page: 2 });

    const byCursor: string[][] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await author.list({ cursor, items_per_page: 2 });
      byCursor.push(titles(page));
      cursor = 'next_cursor' in page ? page.next_cursor : null;
    }
    expect(byCursor).toEqual([['Post 0', 'Post 1'], ['Post 2', 'Post 3'], ['Post 4']]);
  });

  it('reads each of its changes immediately', async () => {
    const author = await createAuthor();
    const titles = async () => (await author.list()).data.map(({ title }) => title);

    const id = await author.create('Before');
    expect(dataOf(await author.read(id)).title).toBe('Before');
    expect(await titles()).toEqual(['Before']);

    expect(dataOf(await author.rename(id, 'After')).message).toBe('Post updated');
    expect(dataOf(await author.read(id)).title).toBe('After');
    expect(await titles()).toEqual(['After']);

    await author.create('Second');
    expect(await titles()).toEqual(['After', 'Second']);

    expect(dataOf(await author.remove(id)).message).toBe('Post deleted');
    expect((await author.read(id)).error).toMatchObject({ status: 404, detail: 'Post not found' });
    expect(await titles()).toEqual(['Second']);
  });
});
