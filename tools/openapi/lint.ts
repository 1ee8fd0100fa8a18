import { join } from 'node:path';
import { ROOT } from '../lib/root.ts';
import { lintFromString, loadConfig } from '@redocly/openapi-core';

/** The violations of the rules of redocly.yaml in an OpenAPI document, a sentence for each. */
export async function violations(document: object): Promise<string[]> {
  const problems = await lintFromString({
    source: JSON.stringify(document),
    absoluteRef: join(ROOT, 'packages/contracts/openapi.json'),
    config: await loadConfig({ configPath: join(ROOT, 'redocly.yaml') }),
  });
  return problems
    .filter(({ ignored }) => !ignored)
    .map(({ ruleId, message, location }) => `${location[0]?.pointer}: ${message} (${ruleId})`);
}
