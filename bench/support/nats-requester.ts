// Requests a user over NATS again and again: node nats-requester.ts <port> <NATS URL> <stock | ours>
// GET /?seconds=<n> does it for so long, and answers with the figures.
import { createServer } from 'node:http';
import { connect } from '@nats-io/transport-node';
import { runInContext } from '@repo/core';
import { NatsClient, Requests } from '@repo/messaging';
import { figuresOf } from './load.ts';

const CONCURRENT = 32;
const TIMEOUT_MS = 2_000;
const [port, url, kind] = process.argv.slice(2);
const request = kind === 'ours' ? ourRequest() : await stockRequest();

createServer((incoming, response) => {
  const seconds = Number(new URL(incoming.url!, 'http://localhost').searchParams.get('seconds'));
  void run(seconds).then(
    (figures) => response.end(JSON.stringify(figures)),
    (error: Error) => response.writeHead(503).end(error.message),
  );
}).listen(Number(port), '127.0.0.1');

async function run(seconds: number) {
  const startedAt = performance.now();
  const end = startedAt + seconds * 1_000;
  const times: number[] = [];
  const loop = async () => {
    do {
      const since = performance.now();
      await request({ id: times.length + 1 });
      times.push(performance.now() - since);
    } while (performance.now() < end);
  };
  await Promise.all(Array.from({ length: CONCURRENT }, loop));
  return figuresOf(times, (performance.now() - startedAt) / 1_000);
}

async function stockRequest() {
  const nats = await connect({ servers: url });
  return async (payload: { id: number }): Promise<unknown> => {
    const options = { timeout: TIMEOUT_MS };
    return (await nats.request('bench.get-user', JSON.stringify(payload), options)).json();
  };
}

/** As in a handler of an HTTP request. */
function ourRequest() {
  const nats = new NatsClient({ service: 'bench', url: url! });
  nats.start();
  const requests = new Requests(nats);
  return (payload: { id: number }): Promise<unknown> =>
    runInContext({ requestId: 'a request', deadline: Date.now() + 5_000 }, () =>
      requests.request('users.get-user', payload),
    );
}
