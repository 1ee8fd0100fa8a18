import { SERVICES } from '@repo/contracts';
import { type Row, testRoutes } from './route-table.ts';

const allUp = Object.fromEntries(SERVICES.map((service) => [service, 'up']));

const rows: Row<'health', void>[] = [
  ['GET /health', 'an anonymous caller', () => ({}), 200, { status: 'ok' }],
  ['GET /ready', 'an anonymous caller', () => ({}), 200, { status: 'ready', services: allUp }],
];

testRoutes('health', async () => undefined, rows);
