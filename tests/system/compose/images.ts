import assert from 'node:assert/strict';
import { SERVICE_NAMES } from '../../../infra/services.ts';
import type { Stack } from './stack.ts';

const BASE = 'node:24-trixie-slim';
const LIMIT_MB = 45;
const SECRET = /(password|secret|token)[a-z_]*=./i;
/** Packages of development, by their folders in pnpm's store. */
const DEVELOPMENT = /^(typescript|jest|@nestjs\+testing|@repo\+testing)@/m;
/** Prints what belongs into no image. The health check is the only TypeScript file: Node runs it as it is. */
const FIND_UNWANTED = `find /app -name '.env*' -o -name '*.md' -o -name '*.spec.js' -o -name '*.map' \
  -o -name '*.ts' ! -path /app/health.ts -o -path '*/@repo/*/dist/testing/*'`;

/** An image adds little to its base, and contains no secret, no tests, no types and no package of development. */
export async function images(stack: Stack): Promise<void> {
  const sizeOf = async (image: string) =>
    Number(await stack.docker('inspect', '--format', '{{.Size}}', image)) / 1e6;
  const base = await sizeOf(BASE);
  for (const service of SERVICE_NAMES) {
    const image = await stack.imageOf(service);
    const inside = (script: string) => stack.docker('run', '--rm', '--entrypoint', 'sh', image, '-c', script);
    const packages = await inside('ls /app/node_modules/.pnpm');
    const size = Math.round((await sizeOf(image)) - base);
    console.log(`${image}: ${size} MB over its base, ${packages.match(/@/g)?.length} packages`);
    assert.ok(size <= LIMIT_MB, `more than ${LIMIT_MB} MB`);
    assert.doesNotMatch(packages, DEVELOPMENT);
    assert.equal(await inside(FIND_UNWANTED), '');
    const history = await stack.docker('history', '--no-trunc', '--format', '{{.CreatedBy}}', image);
    assert.doesNotMatch(history, SECRET);
  }
}
