// @ts-check
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { ensurePrograms } from '../servers/install-programs.ts';

/** Where Chrome's own package puts it: it will do where there is no Chromium. */
const CHROME = '/opt/google/chrome/chrome';

/** A browser without a window: Chromium of the system's packages, which is installed where it is missing. */
export async function launchBrowser() {
  const executablePath = existsSync(CHROME) ? CHROME : (await installed()).path;
  // Its sandbox does not run under root.
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
}

async function installed() {
  const { chromium } = await ensurePrograms({ names: ['chromium'], say: console.log });
  return chromium;
}
