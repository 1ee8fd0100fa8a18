// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, timed } from './stack.ts';

/** docs/deploying.md, whose paths are led into the folder of this run. */
export class Guide {
  /** @param {import('./stack.ts').Stack} stack @param {[from: string, to: string][]} places */
  constructor(stack, places) {
    this.#stack = stack;
    this.#places = places;
    this.#sections = new Map(
      readFileSync(join(root, 'docs/deploying.md'), 'utf8')
        .split(/^## /m)
        .map((text) => [text.slice(0, text.indexOf('\n')), text]),
    );
  }

  #stack;
  #places;
  #sections;

  /** Runs what a section says. @param {string} title */
  async section(title) {
    const blocks = [...(this.#sections.get(title) ?? '').matchAll(/^```bash\n(.*?)^```/gms)].map(
      ([, code = '']) => code,
    );
    assert.ok(blocks.length > 0, `docs/deploying.md has no commands under "${title}"`);
    const script = this.#places.reduce((code, [from, to]) => code.replaceAll(from, to), blocks.join('\n'));
    await timed(`"${title}"`, () => this.#stack.run('bash', '-euo', 'pipefail', '-c', script));
  }
}
