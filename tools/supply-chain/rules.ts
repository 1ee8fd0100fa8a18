/** Licences that require no more than to be named. */
const LICENCES = new Set([
  'MIT',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'Python-2.0',
  'Unlicense',
  'CC0-1.0',
  'MIT-0',
]);
/** Data for tools of the development, under a licence that requires to be named. */
const EXCEPTIONS = new Map([['caniuse-lite', 'CC-BY-4.0']]);

/** Packages of the lockfile that have no digest, or do not come from the registry. */
export function unpinned(lockfile: string): string[] {
  const packages = /^packages:\n([^]*?)\n(?=\S)/m.exec(lockfile)?.[1] ?? '';
  const entries = packages.split(/\n(?= {2}\S)/).filter((entry) => entry.trim());
  if (entries.length === 0) return ['pnpm-lock.yaml lists no packages.'];
  return entries
    .filter((entry) => !/resolution: \{integrity: sha512-[A-Za-z0-9+/=]+\}/.test(entry))
    .map((entry) => `${nameOf(entry)} is not pinned by a digest of the registry alone.`);
}

const nameOf = (entry: string) => entry.trim().split('\n')[0]?.replace(/:$/, '');

const SETTINGS: [string, RegExp][] = [
  ['minimumReleaseAge to 1000 minutes or more', /^minimumReleaseAge: [1-9]\d{3,}$/m],
  ['trustPolicy to no-downgrade', /^trustPolicy: no-downgrade$/m],
];

/** Settings of pnpm-workspace.yaml without which a new or less trusted version would be installed. */
export function missingSettings(workspace: string): string[] {
  return SETTINGS.filter(([, line]) => !line.test(workspace)).map(
    ([setting]) => `Set ${setting} in pnpm-workspace.yaml.`,
  );
}

/** Actions of a workflow that are not named by the digest of a commit, with its version. */
export function unpinnedActions(workflow: string): string[] {
  return [...workflow.matchAll(/^[\s-]*uses:\s*(.+)$/gm)]
    .map(([, action = '']) => action)
    .filter((action) => !/^([\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*|\.\/.*)$/.test(action))
    .map((action) => `${action} is not pinned by the digest of a commit, with its version beside it.`);
}

/** Packages whose licence is not listed. `licences` is the output of `pnpm licenses list`: licence → packages. */
export function unusable(licences: Record<string, { name: string }[]>): string[] {
  return Object.entries(licences).flatMap(([licence, packages]) =>
    packages
      .filter(({ name }) => !isUsable(licence) && EXCEPTIONS.get(name) !== licence)
      .map(({ name }) => `${name} is under ${licence}, which tools/supply-chain/rules.ts does not list.`),
  );
}

/** Of licences to choose from one must be listed; of licences that hold together, all. */
function isUsable(expression: string): boolean {
  const plain = expression.replace(/[()]/g, '');
  if (plain.includes(' OR ')) return plain.split(' OR ').some((licence) => LICENCES.has(licence));
  return plain.split(' AND ').every((licence) => LICENCES.has(licence));
}
