import { IntField } from '../rules/index.js';

/** A post, in events. */
export class PostSnapshot {
  @IntField()
  id: number;

  @IntField()
  createdByUserId: number;
}

/** Events of the posts service. */
export const postsEvents = {
  'post.created': PostSnapshot,
};
