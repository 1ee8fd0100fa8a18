import { type Outage, Worst } from './outage.js';
import { type Kind, Probes } from './probes.js';
import type { Report } from './report.js';
import type { System } from './system.js';

/**
 * Each of these processes dead, then frozen, while requests of every kind run.
 *
 * @param served by the name of the process: what needs nothing of it
 */
export async function takeEachAway(
  served: Record<string, readonly Kind[]>,
  system: System,
  report: Report,
): Promise<void> {
  const probes = await Probes.of(system);
  const worst = new Worst(report);
  for (const [name, kinds] of Object.entries(served))
    for (const outage of outagesOf(name, kinds, system)) await worst.watch(outage, probes);
  worst.tell();
}

function outagesOf(name: string, served: readonly Kind[], system: System): Outage[] {
  return [
    {
      ...{ name: `${name} dead`, served, frozen: false },
      begin: () => system.kill(name),
      end: () => system.start(name),
    },
    {
      ...{ name: `${name} frozen`, served, frozen: true },
      begin: () => system.freeze(name),
      end: () => system.thaw(name),
    },
  ];
}
