import { Compose } from '../../../infra/deploy/compose.ts';
import { freePort } from '../../../tools/lib/ports.ts';
import { run } from '../../../tools/lib/run.ts';
import { gatewayUrl } from '../../support/api.ts';
import { tour } from '../tour.ts';

/** Faults of a process, by the signal that causes them. */
export const FAULTS = { killed: 'SIGKILL', frozen: 'SIGSTOP' } as const;

/** A compose project of its own, on a free port. The environment names both for every program that is started. */
export class Stack extends Compose {
  readonly project: string;

  static async named(project: string, folder?: string): Promise<Stack> {
    const port = await freePort();
    Object.assign(process.env, {
      COMPOSE_PROJECT_NAME: project,
      GATEWAY_PORT: String(port),
      GATEWAY_URL: `http://localhost:${port}`,
    });
    return new Stack(project, folder);
  }

  private constructor(project: string, folder?: string) {
    super({ folder });
    this.project = project;
  }

  up(...args: string[]): Promise<string> {
    return this.compose('up', '--detach', '--wait', '--wait-timeout', '180', ...args);
  }

  /** Starts so many replicas of each of these services. */
  async scale(count: number, ...services: string[]): Promise<void> {
    const counts = services.flatMap((service) => ['--scale', `${service}=${count}`]);
    await this.up('--no-deps', '--no-recreate', ...counts, ...services);
  }

  async down(): Promise<void> {
    await this.compose('down', '--volumes', '--remove-orphans', '--timeout', '20');
  }

  /** The rows of a query with one column. */
  async query(sql: string): Promise<string[]> {
    const psql = ['psql', '--username=postgres', '--dbname=app', '--no-align', '--tuples-only'];
    return (await this.compose('exec', '-T', 'postgres', ...psql, '--command', sql))
      .split('\n')
      .filter(Boolean);
  }

  /** Sends a signal to every process of a container but its init. */
  async signal(id: string, signal: NodeJS.Signals): Promise<void> {
    // The end of the container is also the end of this command.
    await this.docker('exec', id, 'sh', '-c', `kill -s ${signal.replace('SIG', '')} -- -1`).catch(
      () => undefined,
    );
  }

  /** Runs a program in the checkout, and prints its output. */
  async run(program: string, ...args: string[]): Promise<void> {
    const onOutput = (chunk: string) => process.stdout.write(chunk);
    await run(program, args, { cwd: this.folder, onOutput });
  }

  rollOut(service: string): Promise<void> {
    return this.run('npm', 'run', '--silent', 'rollout', '--', service);
  }

  tour(): void {
    tour(gatewayUrl(), this.folder);
  }
}
