// A program of its own, so that its work does not delay the clock of whoever measures: so many logins in flight until
// it is told to stop.
import { Flood } from '../../support/flood.js';

interface Storm {
  url: string;
  logins: number;
  people: { username: string; password: string }[];
}

export interface StormOutcome {
  served: number;
  refused: number;
  seconds: number;
}

const { url, logins, people } = JSON.parse(process.argv[2]!) as Storm;
const flood = new Flood(url);
const over = new AbortController();
process.once('message', () => over.abort());
process.send!('running');

let next = 0;
const request = {
  method: 'POST',
  path: '/api/v1/login',
  form: () => ({ ...people[next++ % people.length]! }),
} as const;
const { answers, seconds } = await flood.patient(request, logins, over.signal);
flood.close();
const served = answers.filter(({ status }) => status === 200).length;
process.send!({ served, refused: answers.length - served, seconds } satisfies StormOutcome);
process.disconnect();
