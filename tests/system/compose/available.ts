import { spawnSync } from 'node:child_process';

const COMMANDS = [['compose', 'version'], ['info']];

export function isDockerAvailable(): boolean {
  return COMMANDS.every(
    (args) => spawnSync('docker', args, { stdio: 'ignore', timeout: 20_000 }).status === 0,
  );
}
