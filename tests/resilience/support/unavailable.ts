import { type Outage, OutageMeasurements } from './outage.ts';
import { type Kind, Probes } from './probes.ts';
import type { Report } from './report.ts';
import type { System } from './system.ts';

/**
 * Kills and then freezes each of these processes, while requests of every kind run.
 *
 * @param served by the name of the process: kinds of requests that do not need it
 */
export async function makeEachUnavailable(
  served: Record<string, readonly Kind[]>,
  system: System,
  report: Report,
): Promise<void> {
  const probes = await Probes.prepare();
  const measurements = new OutageMeasurements(report);
  for (const [name, kinds] of Object.entries(served))
    for (const outage of outagesOf(name, kinds, system)) await measurements.measure(outage, probes);
  measurements.report();
}

function outagesOf(name: string, served: readonly Kind[], system: System): Outage[] {
  return [
    {
      ...{ name: `${name} killed`, served, frozen: false },
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
