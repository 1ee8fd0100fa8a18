import { IntField } from '../rules/number.fields.js';

/** What other services may know of a post. */
export class PostSnapshot {
  @IntField()
  id: number;

  @IntField()
  createdByUserId: number;
}

/** Events that posts publishes. */
export const postsEvents = {
  'post.created': PostSnapshot,
};
