import { setTimeout as delay } from 'node:timers/promises';
import { gatewayUrl } from '../../support/api.ts';
import { LoadGenerator, type LoadRequest } from '../../support/load-generator.ts';
import type { Fixture } from '../fixture.ts';

/** Few enough not to slow each other down. */
const REQUESTS_PER_SECOND = 100;

/** The times of requests to three services, in ms, at a constant rate. Throws if one of them fails. */
export async function latencies({ alice: { username, token } }: Fixture, seconds: number): Promise<number[]> {
  const load = new LoadGenerator(gatewayUrl());
  const requests: LoadRequest[] = [
    { method: 'GET', path: '/api/v1/users' },
    { method: 'GET', path: `/api/v1/${username}/posts` },
    { method: 'GET', path: '/api/v1/user/me', token },
    { method: 'GET', path: '/api/v1/tasks', token },
  ];
  const running: Promise<number>[] = [];
  const end = performance.now() + seconds * 1_000;
  for (let i = 0; performance.now() < end; i++) {
    running.push(timeOf(load, requests[i % requests.length]!));
    await delay(1_000 / REQUESTS_PER_SECOND);
  }
  const times = await Promise.all(running);
  load.close();
  return times;
}

async function timeOf(load: LoadGenerator, request: LoadRequest): Promise<number> {
  const { status, ms } = await load.send(request);
  if (status !== 200) throw new Error(`${request.method} ${request.path} was answered with ${status}`);
  return ms;
}
