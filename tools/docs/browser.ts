import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { ensurePrograms } from '../servers/install-programs.ts';

/** Chrome of Google's package, used where it is installed. */
const CHROME = '/opt/google/chrome/chrome';

/** A browser without a window: Chrome, or Chromium, which is installed where both are missing. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = existsSync(CHROME)
    ? CHROME
    : (await ensurePrograms(['chromium'], { log: console.log })).chromium.path;
  // Its sandbox does not run under root.
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
}
