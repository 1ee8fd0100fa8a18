import type { World } from '../world.js';
import { afterLogout } from './after-logout.js';
import { loginStorm } from './login-storm.js';
import { loginTimes } from './login-times.js';
import type { Measurement } from './measurement.js';
import { slowClients } from './slow-clients.js';

/** Of a system as everybody starts it: how much some clients are felt by the others. */
export async function measureDisturbances(world: World): Promise<Measurement[]> {
  return [...(await loginStorm(world)), await slowClients(world)];
}

/** Of a system with replicas: what must not be let in, and must not be told. */
export async function measureSecrets(world: World): Promise<Measurement[]> {
  return [await afterLogout(world), await loginTimes(world)];
}
