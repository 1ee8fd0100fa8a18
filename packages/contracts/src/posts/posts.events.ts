/** What other services may know of a post. */
export interface PostSnapshot {
  id: number;
  createdByUserId: number;
}

/** What posts tells. */
export interface PostsEvents {
  'post.created': PostSnapshot;
  'post.updated': PostSnapshot;
  'post.deleted': PostSnapshot;
}
