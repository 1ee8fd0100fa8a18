import type { ConfigClass } from '../../packages/config/dist/index.js';

/** The class of settings that a compiled service exports from `app.config.ts`. */
export async function configOfService(service: string): Promise<ConfigClass<object>> {
  const file = `apps/${service}/dist/src/app.config.js`;
  const exported: unknown[] = Object.values(await import(`../../${file}`));
  const found = exported.find(
    (value): value is ConfigClass<object> => typeof value === 'function' && 'specs' in value,
  );
  if (!found) throw new Error(`${file} exports no class of settings: see configOf() in packages/config.`);
  return found;
}
