import type { Scenario } from '../scenario.ts';
import { backendsTerminated } from './backends-terminated.ts';
import { disconnectedFromNats } from './disconnected-from-nats.ts';
import { eventsSurvive } from './events-survive.ts';
import { failpoints } from './failpoints.ts';
import { overload } from './overload.ts';
import { postgresKilled } from './postgres-killed.ts';
import { redisFull } from './redis-full.ts';
import { rollingRestart } from './rolling-restart.ts';
import { serversUnavailable } from './servers-unavailable.ts';
import { servicesUnavailable } from './services-unavailable.ts';
import { statementsMixed } from './statements-mixed.ts';
import { tablesLocked } from './tables-locked.ts';
import { tasksSurvive } from './tasks-survive.ts';

/** In the order of the table. */
export const SCENARIOS: readonly Scenario[] = [
  eventsSurvive,
  failpoints,
  tasksSurvive,
  postgresKilled,
  serversUnavailable,
  servicesUnavailable,
  rollingRestart,
  overload,
  disconnectedFromNats,
  backendsTerminated,
  tablesLocked,
  statementsMixed,
  redisFull,
];
