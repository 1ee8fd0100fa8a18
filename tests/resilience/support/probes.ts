import { type Answer, isHonestRefusal, isSuccess } from './client.js';
import { Load } from './load.js';
import { join, type Person, signUpForm, untilDone } from './people.js';
import type { Report } from './report.js';
import type { System } from './system.js';

/** Kinds of requests, each with what a system without faults answers. */
export type Kind =
  | 'health'
  | 'cached read'
  | 'public read'
  | 'own data'
  | 'sessions'
  | 'tasks'
  | 'login'
  | 'sign-up'
  | 'post'
  | 'task'
  | 'anonymous task';

export const KINDS: readonly Kind[] = [
  'health',
  'cached read',
  'public read',
  'own data',
  'sessions',
  'tasks',
  'login',
  'sign-up',
  'post',
  'task',
  'anonymous task',
];

/** Calls that nobody may get through, whatever is broken. */
type Intruder = 'revoked token' | 'no token';

export interface Probe {
  kind: Kind | Intruder;
  answer: Answer;
}

/** How often, beyond the time that an answer takes. */
const PAUSE_MS = 150;
const PAUSE_OF_HASHING_MS = 500;

/** Requests of every kind, each kind by itself, so that a slow one delays no other. */
export class Probes {
  readonly seen: Probe[] = [];

  private constructor(
    private readonly system: System,
    private readonly writer: Person,
    private readonly read: { username: string; postId: number },
    private readonly revoked: string,
  ) {}

  static async of(system: System): Promise<Probes> {
    const [writer, author, guest] = [
      await join(system.call),
      await join(system.call),
      await join(system.call),
    ];
    const post = await untilDone(() =>
      system.call(`POST /${author.username}/post`, { token: author.token, body: POST }),
    );
    await untilDone(() => system.call('POST /logout', { token: guest.token }));
    const read = { username: author.username, postId: post.body.id as number };
    return new Probes(system, writer, read, guest.token);
  }

  start(report: Report): Load {
    const load = new Load();
    for (const kind of [...KINDS, 'revoked token', 'no token'] as const) {
      const pauseMs = kind === 'login' || kind === 'sign-up' ? PAUSE_OF_HASHING_MS : PAUSE_MS;
      load.repeat(async () => this.seen.push({ kind, answer: report.count(await this.call(kind)) }), pauseMs);
    }
    return load;
  }

  /** Whether all of these kinds work at this moment. */
  async work(kinds: readonly Kind[]): Promise<boolean> {
    const answers = await Promise.all(kinds.map((kind) => this.call(kind)));
    return answers.every(isSuccess);
  }

  private call(kind: Probe['kind']): Promise<Answer> {
    const { call } = this.system;
    const { username, password, token } = this.writer;
    switch (kind) {
      case 'health':
        return call('GET /health');
      case 'cached read':
        return call(`GET /${this.read.username}/post/${this.read.postId}`);
      case 'public read':
        return call(`GET /user/${this.read.username}`);
      case 'own data':
        return call('GET /user/me', { token });
      case 'sessions':
        return call('GET /sessions', { token });
      case 'tasks':
        return call('GET /tasks', { token });
      case 'login':
        return call('POST /login', { form: { username, password } });
      case 'sign-up':
        return call('POST /user', { body: signUpForm() });
      case 'post':
        return call(`POST /${username}/post`, { token, body: POST });
      case 'task':
        return call('POST /tasks/task?message=probe', { token });
      case 'anonymous task':
        return call('POST /tasks/task?message=probe');
      case 'revoked token':
        return call('GET /tasks', { token: this.revoked });
      case 'no token':
        return call('GET /user/me');
    }
  }
}

const POST = { title: 'A post', text: 'Its text.' };

/** What a client may see while something is broken: what it asked for, or an honest refusal. */
export function isAllowed({ kind, answer }: Probe): boolean {
  if (isHonestRefusal(answer)) return true;
  return isIntruder(kind) ? answer.status === 401 : isSuccess(answer);
}

export function isIntruder(kind: Probe['kind']): kind is Intruder {
  return kind === 'revoked token' || kind === 'no token';
}
