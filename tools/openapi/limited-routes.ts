import { METHODS, type OpenApi } from './types.ts';

/** packages/contracts/src/limited-routes.ts: the paths of the routes with `@RateLimit()`. */
export function limitedRoutes({ paths }: OpenApi): string {
  const limited = Object.entries(paths)
    .filter(([, item]) => METHODS.some((method) => item[method]?.['x-rate-limit']))
    .map(([path]) => `  '${path.slice(1)}',\n`);
  return `// Written by \`npm run sync\`: change the services instead.

/** Paths of the routes with \`@RateLimit()\`. */
export const LIMITED_ROUTES: readonly string[] = [
${limited.join('')}];
`;
}
