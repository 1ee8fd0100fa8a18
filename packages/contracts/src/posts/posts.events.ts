import { IntField } from '../rules/index.js';

export class PostSnapshot {
  @IntField()
  id: number;

  @IntField()
  createdByUserId: number;
}

export const postsEvents = {
  'post.created': PostSnapshot,
};
