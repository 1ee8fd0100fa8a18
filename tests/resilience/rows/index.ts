import type { Row } from '../row.js';
import { backendsTerminated } from './backends-terminated.js';
import { cutFromNats } from './cut-from-nats.js';
import { eventsSurvive } from './events-survive.js';
import { halfDone } from './half-done.js';
import { overload } from './overload.js';
import { postgresKilled } from './postgres-killed.js';
import { redisFull } from './redis-full.js';
import { rollingRestart } from './rolling-restart.js';
import { serversAway } from './servers-away.js';
import { servicesAway } from './services-away.js';
import { tablesLocked } from './tables-locked.js';
import { tasksSurvive } from './tasks-survive.js';

/** In the order of the table. */
export const rows: readonly Row[] = [
  eventsSurvive,
  halfDone,
  tasksSurvive,
  postgresKilled,
  serversAway,
  servicesAway,
  rollingRestart,
  overload,
  cutFromNats,
  backendsTerminated,
  tablesLocked,
  redisFull,
];
