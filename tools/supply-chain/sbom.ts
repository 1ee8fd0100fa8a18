// npm run sbom: the components of the system, as CycloneDX, in sbom.json.
import { runMain } from '../lib/main.ts';
import { pnpm } from '../lib/toolchain.ts';

await runMain(async () => {
  const args = ['--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--out', 'sbom.json'];
  await pnpm(['sbom', ...args], { message: 'pnpm cannot list the components.' });
  console.log('sbom.json lists the components.');
});
