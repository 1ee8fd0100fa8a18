import type { World } from '../world.js';
import { afterLogout } from './after-logout.js';
import { loginStorm } from './login-storm.js';
import { loginTimes } from './login-times.js';
import type { Measurement } from './measurement.js';
import { slowClients } from './slow-clients.js';

/** Everything that has to be measured, one after the other. */
export async function measure(world: World): Promise<Measurement[]> {
  return [
    await afterLogout(world),
    await loginTimes(world),
    ...(await loginStorm(world)),
    await slowClients(world),
  ];
}
