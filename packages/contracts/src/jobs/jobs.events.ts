/** What other services may know of a task. */
export interface TaskSnapshot {
  id: string;
  createdByUserId: number | null;
}

/** How a task ended. */
export interface TaskFinished extends TaskSnapshot {
  status: 'completed' | 'failed' | 'cancelled';
}

/** What jobs and its worker tell. */
export interface JobsEvents {
  'task.created': TaskSnapshot;
  'task.finished': TaskFinished;
}
