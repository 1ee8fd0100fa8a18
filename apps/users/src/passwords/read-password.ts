import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Reads a line from standard input. On a terminal it prompts, and shows nothing of what is typed. */
export async function readPassword(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output, terminal: stdin.isTTY });
  if (stdin.isTTY) stderr.write(prompt);
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    if (stdin.isTTY) stderr.write('\n');
  }
}
