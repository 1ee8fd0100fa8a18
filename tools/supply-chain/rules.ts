// @ts-check

/** Licences that ask for no more than to be named. */
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
/** Data that tools of the development read, under a licence that asks to be named as well. */
const EXCEPTIONS = new Map([['caniuse-lite', 'CC-BY-4.0']]);

/**
 * Packages that the lockfile does not pin by a digest, or that come from somewhere else than the registry.
 *
 * @param {string} lockfile
 * @returns {string[]}
 */
export function unpinned(lockfile) {
  const packages = /^packages:\n([^]*?)\n(?=\S)/m.exec(lockfile)?.[1] ?? '';
  const entries = packages.split(/\n(?= {2}\S)/).filter((entry) => entry.trim());
  if (entries.length === 0) return ['pnpm-lock.yaml lists no packages.'];
  return entries
    .filter((entry) => !/resolution: \{integrity: sha512-[A-Za-z0-9+/=]+\}/.test(entry))
    .map((entry) => `${nameOf(entry)} is not pinned by a digest of the registry alone.`);
}

/**
 * Actions of a workflow that are not named by the digest of a commit, with the version that it is of.
 *
 * @param {string} workflow
 * @returns {string[]}
 */
export function unpinnedActions(workflow) {
  return [...workflow.matchAll(/^[\s-]*uses:\s*(.+)$/gm)]
    .map(([, action = '']) => action)
    .filter((action) => !/^([\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*|\.\/.*)$/.test(action))
    .map((action) => `${action} is not pinned by the digest of a commit, with its version beside it.`);
}

/**
 * Packages whose licence is not listed.
 *
 * @param {Record<string, { name: string }[]>} licences  licence → packages
 * @returns {string[]}
 */
export function unusable(licences) {
  return Object.entries(licences).flatMap(([licence, packages]) =>
    packages
      .filter(({ name }) => !isUsable(licence) && EXCEPTIONS.get(name) !== licence)
      .map(({ name }) => `${name} is under ${licence}, which tools/supply-chain/rules.ts does not list.`),
  );
}

/**
 * One of several that may be chosen is enough; of several that all hold, all.
 *
 * @param {string} expression
 */
function isUsable(expression) {
  const plain = expression.replace(/[()]/g, '');
  if (plain.includes(' OR ')) return plain.split(' OR ').some((licence) => LICENCES.has(licence));
  return plain.split(' AND ').every((licence) => LICENCES.has(licence));
}

/** @param {string} entry */
const nameOf = (entry) => entry.trim().split('\n')[0]?.replace(/:$/, '') ?? '';
