import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DerivedFiles } from '../sync/derived-files.ts';

const BUNDLE = 'redoc.standalone.js';
/** The only address that the script would load something from. */
const LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg';

/**
 * The script of the page at /redoc and its licence, copied from the package, so that the auth service does not install
 * its 105 dependencies. Version 2: the script of version 3 sends telemetry to another host.
 */
export function redocBundle(): DerivedFiles {
  const read = (file: string) =>
    readFileSync(fileURLToPath(import.meta.resolve(`redoc/bundles/${file}`)), 'utf8');
  return {
    [`apps/auth/assets/${BUNDLE}`]: read(BUNDLE)
      .replaceAll(LOGO, 'data:,')
      .replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n'),
    [`apps/auth/assets/${BUNDLE}.LICENSE.txt`]: read(`${BUNDLE}.LICENSE.txt`),
  };
}
