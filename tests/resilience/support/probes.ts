import { createPost } from '../../support/posts.ts';
import { retry } from '../../support/eventually.ts';
import { createUser, newUser, type User } from '../../support/users.ts';
import { BackgroundLoad } from './background-load.ts';
import { type Answer, call, isSuccess, isUnavailable, untilSuccess } from './client.ts';
import type { Report } from './report.ts';

/** Kinds of requests that succeed in a system without faults. */
export const KINDS = [
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
] as const;
export type Kind = (typeof KINDS)[number];

/** Kinds of requests that must be refused, whatever is unavailable. */
const UNAUTHORIZED = ['revoked token', 'no token'] as const;
type Unauthorized = (typeof UNAUTHORIZED)[number];

export interface Probe {
  kind: Kind | Unauthorized;
  answer: Answer;
}

const PAUSE_MS = 150;
/** Hashing a password takes the most processor time. */
const PAUSE_OF_HASHING_MS = 500;
const POST = { title: 'A post', text: 'Its text.' };

interface Context {
  writer: User;
  author: User;
  postId: number;
  revokedToken: string;
}

/** Sends requests of every kind. Each kind has a loop of its own, so that a slow one delays no other. */
export class Probes {
  readonly results: Probe[] = [];
  private readonly context: Context;

  private constructor(context: Context) {
    this.context = context;
  }

  static async prepare(): Promise<Probes> {
    const [writer, author, guest] = [
      await retry(createUser),
      await retry(createUser),
      await retry(createUser),
    ];
    const postId = await retry(() => createPost(author));
    await untilSuccess(() => call('POST /logout', { token: guest.token }));
    return new Probes({ writer, author, postId, revokedToken: guest.token });
  }

  start(report: Report): BackgroundLoad {
    const load = new BackgroundLoad();
    for (const kind of [...KINDS, ...UNAUTHORIZED]) {
      const pauseMs = kind === 'login' || kind === 'sign-up' ? PAUSE_OF_HASHING_MS : PAUSE_MS;
      load.repeat(
        async () => this.results.push({ kind, answer: report.count(await this.send(kind)) }),
        pauseMs,
      );
    }
    return load;
  }

  /** Whether one request of every kind succeeds. */
  async allSucceed(): Promise<boolean> {
    const answers = await Promise.all(KINDS.map((kind) => this.send(kind)));
    return answers.every(isSuccess);
  }

  private send(kind: Probe['kind']): Promise<Answer> {
    const { author, postId, revokedToken } = this.context;
    const { username, password, token } = this.context.writer;
    switch (kind) {
      case 'health':
        return call('GET /health');
      case 'cached read':
        return call(`GET /${author.username}/post/${postId}`);
      case 'public read':
        return call(`GET /user/${author.username}`);
      case 'own data':
        return call('GET /user/me', { token });
      case 'sessions':
        return call('GET /sessions', { token });
      case 'tasks':
        return call('GET /tasks', { token });
      case 'login':
        return call('POST /login', { form: { username, password } });
      case 'sign-up':
        return call('POST /user', { body: newUser() });
      case 'post':
        return call(`POST /${username}/post`, { token, body: POST });
      case 'task':
        return call('POST /tasks/task?message=probe', { token });
      case 'anonymous task':
        return call('POST /tasks/task?message=probe');
      case 'revoked token':
        return call('GET /tasks', { token: revokedToken });
      case 'no token':
        return call('GET /user/me');
    }
  }
}

/** Whether a client may get this answer during an outage. */
export function isAllowed({ kind, answer }: Probe): boolean {
  if (isUnavailable(answer)) return true;
  return isUnauthorized(kind) ? answer.status === 401 : isSuccess(answer);
}

export function isUnauthorized(kind: Probe['kind']): kind is Unauthorized {
  return (UNAUTHORIZED as readonly string[]).includes(kind);
}
