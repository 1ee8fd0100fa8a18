/** Routes of this service that stand at the root, without `/api/v1`. */
export const ROOT_PATHS = ['admin/queues', 'admin/queues/*'];
