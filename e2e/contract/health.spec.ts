import { type Row, testRoutes } from '../support/route-table.js';

const SERVICES = { auth: 'up', users: 'up', posts: 'up', jobs: 'up', worker: 'up' };

const rows: Row<'health', void>[] = [
  ['GET /health', 'anyone', () => ({}), 200, { status: 'ok' }],
  ['GET /ready', 'anyone', () => ({}), 200, { status: 'ready', services: SERVICES }],
];

testRoutes('health', async () => undefined, rows);
