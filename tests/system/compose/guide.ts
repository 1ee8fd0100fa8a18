import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The `bash` blocks of a section of docs/deploying.md, with the paths and addresses of this run instead of the page's. */
export function commandsOf(checkout: string, section: string, replacements: Record<string, string>): string {
  const sections = readFileSync(join(checkout, 'docs/deploying.md'), 'utf8').split(/^## /m);
  const text = sections.find((each) => each.startsWith(`${section}\n`)) ?? '';
  const blocks = [...text.matchAll(/^```bash\n(.*?)^```/gms)].map(([, code]) => code);
  assert.ok(blocks.length > 0, `docs/deploying.md has no commands under "${section}"`);
  return Object.entries(replacements).reduce(
    (commands, [text, replacement]) => commands.replaceAll(text, replacement),
    blocks.join('\n'),
  );
}
