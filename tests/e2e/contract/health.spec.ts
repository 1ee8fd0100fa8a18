import { SERVICES } from '@repo/contracts';
import { type Row, testRoutes } from '../../support/route-table.js';

const allUp = Object.fromEntries(SERVICES.map((service) => [service, 'up']));

const rows: Row<'health', void>[] = [
  ['GET /health', 'anyone', () => ({}), 200, { status: 'ok' }],
  ['GET /ready', 'anyone', () => ({}), 200, { status: 'ready', services: allUp }],
];

testRoutes('health', async () => undefined, rows);
