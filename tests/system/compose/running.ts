import assert from 'node:assert/strict';
import type { Stack } from './stack.ts';

const MIB: Record<string, number> = { K: 1 / 1024, M: 1, G: 1024 };

/** Prints the memory of each container. */
export async function memory(stack: Stack): Promise<void> {
  const ids = (await stack.compose('ps', '--quiet')).split('\n');
  const format = ['--format', '{{.Name}} {{.MemUsage}}'];
  const lines = (await stack.docker('stats', '--no-stream', ...format, ...ids)).split('\n');
  const all = lines.map((line) => {
    const [, name = '', amount, unit = ''] = /^(\S+) ([\d.]+)([KMG])iB/.exec(line) ?? [];
    return { name: name.replace(`${stack.project}-`, ''), mib: Number(amount) * (MIB[unit] ?? NaN) };
  });
  const list = all.map(({ name, mib }) => `${name} ${mib.toFixed(0)}`).sort();
  const total = all.reduce((sum, { mib }) => sum + mib, 0);
  console.log(`memory in MiB: ${list.join(', ')}; together ${total.toFixed(0)}`);
}

/** Only the gateway is reachable from outside, and pgAdmin, which starts on demand, from the machine itself. */
export async function ports(stack: Stack): Promise<void> {
  const { services } = await stack.config('--profile', 'pgadmin');
  const published = Object.entries(services).flatMap(([name, { ports: list = [] }]) =>
    list.map(({ host_ip = 'every address' }) => `${name} on ${host_ip}`),
  );
  assert.deepEqual(published.sort(), ['nginx on every address', 'pgadmin on 127.0.0.1']);
  assert.ok(!('pgadmin' in (await stack.config()).services));
}
