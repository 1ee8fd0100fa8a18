import type { Fixture } from '../fixture.ts';
import { afterLogout } from './after-logout.ts';
import { loginLoad } from './login-load.ts';
import { loginTimes } from './login-times.ts';
import type { Measurement } from './measurement.ts';
import { slowClients } from './slow-clients.ts';

/** Measures the cost of some clients for the others. Needs a system with one process of each service, the default. */
export async function measureInterference(fixture: Fixture): Promise<Measurement[]> {
  return [...(await loginLoad(fixture)), await slowClients(fixture)];
}

/** Measures what must not be accepted or disclosed. Needs a system with replicas. */
export async function measureLeaks(fixture: Fixture): Promise<Measurement[]> {
  return [await afterLogout(fixture), await loginTimes(fixture)];
}
