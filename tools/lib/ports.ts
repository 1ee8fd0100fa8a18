import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';

/** Below the ports that systems use for outgoing connections, so that none of those takes a chosen port. */
const FIRST = 15_000;
const LAST = 31_999;

/** A port that is free now. Where possible, let the program listen on port 0 instead: then no other takes it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST + 1);
    if (await isFree(port)) return port;
  }
}

/** A free port for every name but `taken`: the one that `file` remembers from the last time if it is free, else a new one. */
export async function choosePorts<Name extends string>(
  names: readonly Name[],
  file: string,
  taken?: number,
): Promise<Record<Name, number>> {
  const remembered = readPorts(file);
  const chosen: Record<string, number> = {};
  for (const name of names) {
    const used = new Set([...Object.values(chosen), taken]);
    let port = remembered[name] ?? (await freePort());
    while (used.has(port) || !(await isFree(port))) port = await freePort();
    chosen[name] = port;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...remembered, ...chosen }, null, 2)}\n`);
  return chosen as Record<Name, number>;
}

/** Whether no process listens on the port, on any of the addresses that `localhost` may mean. */
export async function isFree(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '0.0.0.0', '::1']) {
    if (await isTaken(port, host)) return false;
  }
  return true;
}

function isTaken(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(false)));
  });
}

function readPorts(file: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
  } catch {
    return {};
  }
}

/** The port that was chosen for a name. */
export function portOf(ports: Record<string, number>, name: string): number {
  const port = ports[name];
  if (port === undefined) throw new Error(`No port was chosen for "${name}".`);
  return port;
}
