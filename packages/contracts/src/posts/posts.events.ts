import { IntField } from '../rules/number.fields.js';

/** What other services may know of a post. */
export class PostSnapshot {
  @IntField()
  id: number;

  @IntField()
  createdByUserId: number;
}

/** What posts tells. */
export const postsEvents = {
  'post.created': PostSnapshot,
  'post.updated': PostSnapshot,
  'post.deleted': PostSnapshot,
};
