import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fillLine } from './readmes.ts';

const LINE = { path: 'apps/posts/README.md', start: '- **publishes**:', rest: '`post.created`' };

it('brings a fact up to date, and nothing else', () => {
  const page = (events: string) => `# posts\n\n- **owns**: posts\n- **publishes**: ${events}\n`;
  assert.equal(fillLine(page('nothing'), LINE), page('`post.created`'));
});

it('refuses a page without the line of a fact', () => {
  assert.throws(() => fillLine('# posts\n', LINE), /README\.md has no line "- \*\*publishes\*\*:": add it/);
});
