import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { waitFor } from '@repo/core/testing';
import { NatsClient } from './nats-client.js';
import { LEASE_MS, ReplicaBus } from './replica-bus.js';
import type { ReplicaListener } from './replica-listeners.js';
import type { Member } from './replica-members.js';
import { NatsServer } from './testing/nats-server.js';

const BOUND_MS = LEASE_MS + 400;
let server: NatsServer;
/** Lives through all tests: who has just come waits with its first broadcast until it must have heard of everybody. */
let writer: ReplicaBus;
const stops: (() => Promise<void>)[] = [];
let stopWriter: () => Promise<void>;

beforeAll(async () => {
  Logger.overrideLogger(false);
  server = await NatsServer.start();
  writer = await replica('a', { own: { onMessage: (message) => void own.push(message) } });
  stopWriter = stops.pop()!;
  await writer.broadcast('nobody', null);
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

/** A replica that has joined. */
async function replica(service: string, listeners: Record<string, ReplicaListener<never>> = {}) {
  const bus = newReplica(service, listeners);
  expect(await bus.whenLeaseValid(3_000)).toBe(true);
  if (writer) await waitFor(() => writer.members().some(({ id }) => id === bus.id));
  return bus;
}

function newReplica(service: string, listeners: Record<string, ReplicaListener<never>> = {}) {
  const nats = new NatsClient({ service, url: server.url });
  const bus = new ReplicaBus(nats, service);
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
  it('has told every listener when a broadcast resolves, the own process among them', async () => {
    const heard: string[] = [];
    const slowly = (name: string) => ({
      onMessage: async (message: string) => {
        await new Promise((resolve) => setImmediate(resolve));
        heard.push(`${name} ${message}`);
      },
    });
    await replica('b', { own: slowly('one') });
    await replica('b', { own: slowly('two') });

    await writer.broadcast('own', 'hello');

    expect(heard.sort()).toEqual(['one hello', 'two hello']);
    expect(own).toEqual(['hello']);
  });

  it('is quick once everybody is known', async () => {
    for (let i = 0; i < 3; i++) await replica('b', { topic: { onMessage: () => undefined } });

    const durations: number[] = [];
    for (let i = 0; i < 20; i++) durations.push(await timed(writer.broadcast('topic', i)));

    expect(Math.min(...durations)).toBeLessThan(20);
  });

  it('gives a listener its messages one after another, in their order', async () => {
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

  it('goes on within the lease when a listener does not come to an end, which is then not leaseValid', async () => {
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

  it('reads the copy anew, before it trusts it, after a message that could not be applied', async () => {
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

  it('is not kept waiting by a listener that works in the background and fails', async () => {
    const reader = await replica('b', {
      topic: { background: true, onMessage: () => Promise.reject(new Error('no')) },
    });

    expect(await timed(writer.broadcast('topic', 'hello'))).toBeLessThan(500);
    expect(reader.leaseValid).toBe(true);
  });

  it('outlives what is no message of its own', async () => {
    const heard: unknown[] = [];
    const bus = await replica('b', { a: { onMessage: (message) => void heard.push(message) } });
    const nats = new NatsClient({ service: 'c', url: server.url });
    stops.push(() => nats.close());
    nats.start();
    await waitFor(() => nats.connected);

    for (const bytes of ['', 'null', '{"id":', '[]']) {
      nats.publish('replicas.heartbeat', bytes);
      nats.publish('replicas.topic.a', bytes);
    }
    await nats.connection.flush();
    await writer.broadcast('a', 'a message');

    expect(heard).toContain('a message');
    expect(bus.leaseValid).toBe(true);
  });

  it('does not wait for a replica that has left', async () => {
    const leaver = await replica('b', { topic: { onMessage: () => undefined } });

    await stops.pop()!();
    await waitFor(() => writer.members().every(({ id }) => id !== leaver.id));

    expect(await timed(writer.broadcast('topic', 'hello'))).toBeLessThan(500);
  });

  it('tells the others who is ready', async () => {
    const bus = await replica('b');

    bus.setReady(true);

    await waitFor(() => writer.members().some(({ id, ready }) => id === bus.id && ready));
    expect(writer.members().find(({ id }) => id === writer.id)).toMatchObject({ ready: false, service: 'a' });
  });

  it('makes itself known to each newcomer at once', async () => {
    const nats = new NatsClient({ service: 'test', url: server.url });
    let heard = 0;
    nats.subscribe('replicas.heartbeat', {
      onMessage: (message) => void (message.json<Member>().id === writer.id && (heard += 1)),
    });
    nats.start();
    stops.push(() => nats.close());
    await waitFor(() => heard > 0);
    const newcomers = Array.from({ length: 10 }, (_, n) => `newcomer ${n}`);

    const duration = await timed(
      (async () => {
        heard = 0;
        for (const id of newcomers) {
          const hello = { id, service: 'a', ready: true, topics: [], beat: 1, epoch: 1 };
          nats.publish('replicas.heartbeat', JSON.stringify(hello));
        }
        await waitFor(() => heard >= newcomers.length);
      })(),
    );

    expect(duration).toBeLessThan(1_500); // ten regular heartbeats take three seconds
  });

  it('trusts no copy that could not be read, and tries again', async () => {
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

  describe('with a process that is frozen', () => {
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

    it('waits no longer than its lease, and it never again trusts what it did not hear of', async () => {
      await waitFor(() => writer.members().some(({ topics }) => topics.includes('topic')));

      child.kill('SIGSTOP');
      const duration = await timed(writer.broadcast('topic', 'changed'));
      const seen = reports.length;
      child.kill('SIGCONT');

      expect(duration).toBeGreaterThan(500);
      expect(duration).toBeLessThan(BOUND_MS);
      await waitFor(() => reports.slice(seen).some(({ leaseValid }) => leaseValid));
      expect(
        reports.slice(seen + 1).filter(({ leaseValid, copy }) => leaseValid && copy !== 'changed'),
      ).toEqual([]);
    });
  });

  describe('when NATS goes away', () => {
    it('stops trusting, resolves broadcasts within the lease, and recovers through a reload', async () => {
      let copy = 'old';
      let truth = 'old';
      const reader = await replica('b', {
        topic: { onMessage: (message: string) => void (copy = message), reload: () => void (copy = truth) },
      });

      await server.kill();
      truth = 'new';
      const duration = await timed(writer.broadcast('topic', 'new'));

      expect(reader.leaseValid).toBe(false);
      expect(duration).toBeLessThan(BOUND_MS);
      expect(await timed(writer.broadcast('topic', 'new'))).toBeLessThan(500);
      expect(copy).toBe('old');

      await server.restart();
      expect(await reader.whenLeaseValid(5_000)).toBe(true);
      expect(copy).toBe('new');
      await waitFor(() => writer.leaseValid);
      truth = 'newer';
      await writer.broadcast('topic', 'newer');
      expect(copy).toBe('newer');
    });

    it('stops trusting when NATS is frozen, and reads anew when it thaws', async () => {
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

    it('starts without it, and joins when it comes', async () => {
      await server.kill();
      const bus = newReplica('a');
      expect(await timed(bus.broadcast('topic', 'hello'))).toBeLessThan(500);
      expect(bus.leaseValid).toBe(false);

      await server.restart();

      expect(await bus.whenLeaseValid(5_000)).toBe(true);
    });
  });
});
