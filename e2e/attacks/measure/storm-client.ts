// A program of its own, so that its work does not delay the clock of whoever measures: so many logins in flight until
// it is told to stop.
import { apiClient } from '@repo/runtime/testing/api-client';

interface Storm {
  url: string;
  logins: number;
  people: { username: string; password: string }[];
}

const { url, logins, people } = JSON.parse(process.argv[2]!) as Storm;
const api = apiClient(url);
const over = new AbortController();
let answered = 0;
process.once('message', () => over.abort());
process.send!('running');

await Promise.all(
  Array.from({ length: logins }, async (_, index) => {
    const { username, password } = people[index % people.length]!;
    while (!over.signal.aborted) {
      await api('POST /login', { form: { username, password } });
      answered += 1;
    }
  }),
);
process.send!(answered);
process.disconnect();
