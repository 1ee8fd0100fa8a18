// npm run sbom: the components of the system, as CycloneDX, in sbom.json.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pnpm, root } from './pnpm.ts';

const file = join(root, 'sbom.json');
pnpm('sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--out', file);
const { components, specVersion } = JSON.parse(readFileSync(file, 'utf8'));
console.log(`sbom.json: ${components.length} components (CycloneDX ${specVersion})`);
