// A process of its own, so that its work does not delay the process that measures: keeps a number of logins in flight
// until it receives a message.
import { LoadGenerator } from '../../support/load-generator.ts';

export interface LoginLoad {
  url: string;
  concurrency: number;
  users: { username: string; password: string }[];
}

export interface LoginResult {
  served: number;
  refused: number;
  seconds: number;
}

const { url, concurrency, users } = JSON.parse(process.argv[2]!) as LoginLoad;
const load = new LoadGenerator(url);
const end = new AbortController();
process.once('message', () => end.abort());
process.send!('running');

let next = 0;
const request = {
  method: 'POST',
  path: '/api/v1/login',
  form: () => ({ ...users[next++ % users.length]! }),
} as const;
const { answers, seconds } = await load.closedLoop(request, concurrency, end.signal);
load.close();
const served = answers.filter(({ status }) => status === 200).length;
process.send!({ served, refused: answers.length - served, seconds } satisfies LoginResult);
process.disconnect();
