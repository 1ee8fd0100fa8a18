// Reports known vulnerabilities of the installed packages, for the GitHub workflow: node tools/supply-chain/audit.ts
import { runPnpm } from './pnpm.ts';

const { status, stdout, stderr } = runPnpm('audit');
console.log(stdout + stderr);
if (/AUDIT_(BAD_RESPONSE|ENDPOINT)/.test(stdout + stderr))
  console.log('::notice::The registry has no audit service: packages were not checked for vulnerabilities.');
else if (status !== 0) console.log('::warning::Packages have known vulnerabilities: see above.');
