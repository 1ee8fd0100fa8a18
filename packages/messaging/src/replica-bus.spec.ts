import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { waitFor } from '@repo/core/testing';
import { NatsClient } from './nats-client.js';
import { LEASE_MS, type Member, ReplicaBus } from './replica-bus.js';
import type { ReplicaListener } from './replica-listeners.js';
import { NatsServer } from './testing/nats-server.js';

const BOUND_MS = LEASE_MS + 400;
let server: NatsServer;
/** One for all tests: the first broadcasts of a new process wait until the membership is known. */
let writer: ReplicaBus;
const stops: (() => Promise<void>)[] = [];
let stopWriter: () => Promise<void>;

beforeAll(async () => {
  Logger.overrideLogger(false);
  server = await NatsServer.start();
  writer = await replica('a', { own: { onMessage: (message) => void own.push(message) } });
  stopWriter = stops.pop()!;
  await writer.broadcast('unused', null);
});
afterAll(async () => {
  await stopWriter();
  await server.remove();
});
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
  await waitFor(() => writer.members().every(({ service }) => service !== 'b'));
});

const own: string[] = [];

/** A replica with a valid lease. */
async function replica(service: string, listeners: Record<string, ReplicaListener<never>> = {}) {
  const bus = newReplica(service, listeners);
  expect(await bus.whenLeaseValid(3_000)).toBe(true);
  if (writer) await waitFor(() => writer.members().some(({ id }) => id === bus.id));
  return bus;
}

function newReplica(service: string, listeners: Record<string, ReplicaListener<never>> = {}) {
  const nats = new NatsClient({ service, url: server.url });
  const bus = new ReplicaBus(nats);
  for (const [topic, listener] of Object.entries(listeners)) bus.listen(topic, listener);
  nats.start();
  bus.start();
  stops.push(async () => {
    bus.stop();
    await nats.close();
  });
  return bus;
}

async function timed(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work;
  return performance.now() - start;
}

describe('ReplicaBus', () => {
  it('resolves a broadcast when every listener has applied it, including those of the same process', async () => {
    const applied: string[] = [];
    const slowly = (name: string) => ({
      onMessage: async (message: string) => {
        await new Promise((resolve) => setImmediate(resolve));
        applied.push(`${name} ${message}`);
      },
    });
    await replica('b', { own: slowly('one') });
    await replica('b', { own: slowly('two') });

    await writer.broadcast('own', 'hello');

    expect(applied.sort()).toEqual(['one hello', 'two hello']);
    expect(own).toEqual(['hello']);
  });

  it('resolves a broadcast within milliseconds when the membership is known', async () => {
    for (let i = 0; i < 3; i++) await replica('b', { topic: { onMessage: () => undefined } });

    const durations: number[] = [];
    for (let i = 0; i < 20; i++) durations.push(await timed(writer.broadcast('topic', i)));

    expect(Math.min(...durations)).toBeLessThan(20);
  });

  it('delivers messages to a listener one after another, in order', async () => {
    const steps: string[] = [];
    await replica('b', {
      topic: {
        onMessage: async (message: number) => {
          steps.push(`begin ${message}`);
          await new Promise((resolve) => setImmediate(resolve));
          steps.push(`end ${message}`);
        },
      },
    });

    await Promise.all([writer.broadcast('topic', 1), writer.broadcast('topic', 2)]);

    expect(steps).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
  });

  it('resolves a broadcast within the lease when a listener hangs, whose lease then is not valid', async () => {
    let release: () => void = () => undefined;
    const stuck = await replica('b', {
      topic: { onMessage: () => new Promise<void>((resolve) => (release = resolve)) },
    });

    const duration = await timed(writer.broadcast('topic', 'hello'));

    expect(stuck.leaseValid).toBe(false);
    expect(duration).toBeLessThan(BOUND_MS);
    release();
    expect(await stuck.whenLeaseValid(3_000)).toBe(true);
  });

  it('reloads the copy before the lease is valid again after a message could not be applied', async () => {
    let reloads = 0;
    const reader = await replica('b', {
      topic: {
        onMessage: () => {
          throw new Error('no');
        },
        reload: () => void reloads++,
      },
    });
    const before = reloads;

    await writer.broadcast('topic', 'hello');

    expect(reader.leaseValid && reloads === before).toBe(false);
    expect(await reader.whenLeaseValid(3_000)).toBe(true);
    expect(reloads).toBe(before + 1);
  });

  it('keeps the lease valid when a background listener fails', async () => {
    const reader = await replica('b', {
      topic: { background: true, onMessage: () => Promise.reject(new Error('no')) },
    });

    expect(await timed(writer.broadcast('topic', 'hello'))).toBeLessThan(500);
    expect(reader.leaseValid).toBe(true);
  });

  it('ignores malformed messages', async () => {
    const applied: unknown[] = [];
    const bus = await replica('b', { a: { onMessage: (message) => void applied.push(message) } });
    const nats = new NatsClient({ service: 'c', url: server.url });
    stops.push(() => nats.close());
    nats.start();
    await waitFor(() => nats.connected);

    for (const bytes of ['', 'null', '{"id":', '[]']) {
      nats.connection.publish('replicas.heartbeat', bytes);
      nats.connection.publish('replicas.topic.a', bytes);
    }
    await nats.connection.flush();
    await writer.broadcast('a', 'a message');

    expect(applied).toContain('a message');
    expect(bus.leaseValid).toBe(true);
  });

  it('does not wait for a replica that has left', async () => {
    const leaver = await replica('b', { topic: { onMessage: () => undefined } });

    await stops.pop()!();
    await waitFor(() => writer.members().every(({ id }) => id !== leaver.id));

    expect(await timed(writer.broadcast('topic', 'hello'))).toBeLessThan(500);
  });

  it('publishes whether the process is ready', async () => {
    const bus = await replica('b');

    bus.setReady(true);

    await waitFor(() => writer.members().some(({ id, ready }) => id === bus.id && ready));
    expect(writer.members().find(({ id }) => id === writer.id)).toMatchObject({ ready: false, service: 'a' });
  });

  it('sends a heartbeat immediately to each new process', async () => {
    const nats = new NatsClient({ service: 'test', url: server.url });
    let heartbeats = 0;
    nats.subscribe('replicas.heartbeat', (message) => {
      if (message.json<Member>().id === writer.id) heartbeats += 1;
    });
    nats.start();
    stops.push(() => nats.close());
    await waitFor(() => heartbeats > 0);
    const ids = Array.from({ length: 10 }, (_, n) => `process ${n}`);

    const duration = await timed(
      (async () => {
        heartbeats = 0;
        for (const id of ids) {
          const first = { id, service: 'a', ready: true, topics: [], sequence: 1, generation: 1 };
          nats.connection.publish('replicas.heartbeat', JSON.stringify(first));
        }
        await waitFor(() => heartbeats >= ids.length);
      })(),
    );

    expect(duration).toBeLessThan(1_500); // ten regular heartbeats take three seconds
  });

  it('repeats a failed reload until it succeeds; the lease is not valid before', async () => {
    let attempts = 0;
    const bus = newReplica('a', {
      topic: {
        onMessage: () => undefined,
        reload: () => {
          if (++attempts < 3) throw new Error('not yet');
        },
      },
    });

    expect(await bus.whenLeaseValid(3_000)).toBe(true);
    expect(attempts).toBe(3);
  });

  describe('while a process is frozen', () => {
    let child: ChildProcess;
    const reports: { leaseValid: boolean; copy: string }[] = [];

    beforeAll(async () => {
      const script = fileURLToPath(new URL('./testing/replica-process.js', import.meta.url));
      child = spawn(process.execPath, [script, server.url], { stdio: ['ignore', 'pipe', 'ignore'] });
      createInterface({ input: child.stdout! }).on('line', (line) => {
        if (line.startsWith('{')) reports.push(JSON.parse(line));
      });
      await waitFor(() => reports.at(-1)?.leaseValid);
    });
    afterAll(async () => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    });

    it('resolves a broadcast within the lease; afterwards the process does not use the stale copy', async () => {
      await waitFor(() => writer.members().some(({ topics }) => topics.includes('topic')));

      child.kill('SIGSTOP');
      const duration = await timed(writer.broadcast('topic', 'changed'));
      const count = reports.length;
      child.kill('SIGCONT');

      expect(duration).toBeGreaterThan(500);
      expect(duration).toBeLessThan(BOUND_MS);
      await waitFor(() => reports.slice(count).some(({ leaseValid }) => leaseValid));
      expect(
        reports.slice(count + 1).filter(({ leaseValid, copy }) => leaseValid && copy !== 'changed'),
      ).toEqual([]);
    });
  });

  describe('when NATS becomes unavailable', () => {
    it('ends the lease, resolves broadcasts within the lease, and reloads afterwards', async () => {
      let copy = 'old';
      let source = 'old';
      const reader = await replica('b', {
        topic: { onMessage: (message: string) => void (copy = message), reload: () => void (copy = source) },
      });

      await server.kill();
      source = 'new';
      const duration = await timed(writer.broadcast('topic', 'new'));

      expect(reader.leaseValid).toBe(false);
      expect(duration).toBeLessThan(BOUND_MS);
      expect(await timed(writer.broadcast('topic', 'new'))).toBeLessThan(500);
      expect(copy).toBe('old');

      await server.restart();
      expect(await reader.whenLeaseValid(5_000)).toBe(true);
      expect(copy).toBe('new');
      await waitFor(() => writer.leaseValid);
      source = 'newer';
      await writer.broadcast('topic', 'newer');
      expect(copy).toBe('newer');
    });

    it('ends the lease while NATS is frozen, and reloads when it responds again', async () => {
      let reloads = 0;
      const reader = await replica('b', {
        topic: { onMessage: () => undefined, reload: () => void reloads++ },
      });
      const before = reloads;

      server.freeze();
      try {
        await waitFor(() => !reader.leaseValid, { timeoutMs: BOUND_MS });
        expect(await timed(reader.broadcast('topic', 'hello'))).toBeLessThan(BOUND_MS);
      } finally {
        server.thaw();
      }

      expect(await reader.whenLeaseValid(5_000)).toBe(true);
      expect(reloads).toBeGreaterThan(before);
    });

    it('starts without NATS, and joins when it is available', async () => {
      await server.kill();
      const bus = newReplica('a');
      expect(await timed(bus.broadcast('topic', 'hello'))).toBeLessThan(500);
      expect(bus.leaseValid).toBe(false);

      await server.restart();

      expect(await bus.whenLeaseValid(5_000)).toBe(true);
    });
  });
});
