import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../../tools/lib/root.ts';
import { type Stack, timed } from '../stack.ts';

/** docs/deploying.md, with paths and addresses of this run in place of its own. */
export class Guide {
  readonly #stack: Stack;
  readonly #replacements: [from: string, to: string][];
  readonly #sections: Map<string, string>;

  constructor(stack: Stack, replacements: [from: string, to: string][]) {
    this.#stack = stack;
    this.#replacements = replacements;
    const sections = readFileSync(join(ROOT, 'docs/deploying.md'), 'utf8').split(/^## /m);
    this.#sections = new Map(sections.map((text) => [text.slice(0, text.indexOf('\n')), text]));
  }

  /** Runs the `bash` blocks of a section. */
  async section(title: string): Promise<void> {
    const blocks = [...(this.#sections.get(title) ?? '').matchAll(/^```bash\n(.*?)^```/gms)];
    assert.ok(blocks.length > 0, `docs/deploying.md has no commands under "${title}"`);
    const commands = blocks.map(([, code]) => code).join('\n');
    const script = this.#replacements.reduce((code, [from, to]) => code.replaceAll(from, to), commands);
    await timed(`"${title}"`, () => this.#stack.run('bash', '-euo', 'pipefail', '-c', script));
  }
}
