/** A generator of clients, and a program that uses its client: log in, write a post, list it, log out. */
export interface Generator {
  name: string;
  /** The program that writes the client, and its arguments. */
  command: [program: string, ...args: string[]];
  file: string;
  program: string;
}

/** Versions of the tools. The lint and test tools do not depend on them, so they are no dependencies of the project. */
const NPM_TOOLS = {
  '@stoplight/spectral-cli': '6.16.3',
  '@hey-api/openapi-ts': '0.99.0',
  orval: '8.38.0',
  '@openapitools/openapi-generator-cli': '2.41.0',
  typescript: '5.9.3',
  '@types/node': '24.19.2',
};
export const PYTHON_TOOLS = ['openapi-python-client==0.29.1', 'ruff==0.17.6'];

/** The programs read GATEWAY_URL, and log in as API_USERNAME with API_PASSWORD. */
const START = `
const { GATEWAY_URL: baseUrl = '', API_USERNAME: username = '', API_PASSWORD: password = '' } = process.env;
const post = { title: 'Note G', text: 'A table of numbers.' };
function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}
`;

export const GENERATORS: Generator[] = [
  {
    name: 'hey-api',
    command: ['openapi-ts', '-i', 'openapi.json', '-o', 'hey-api', '-c', '@hey-api/client-fetch'],
    file: 'hey-api.ts',
    program: `
import { postsCreate, postsList, sessionsLogin, sessionsLogout } from './hey-api/index';
import { client } from './hey-api/client.gen';
${START}
async function main() {
  client.setConfig({ baseUrl });
  const login = await sessionsLogin({ body: { username, password }, throwOnError: true });
  client.setConfig({ baseUrl, auth: () => login.data.access_token });
  const written = await postsCreate({ path: { username }, body: post, throwOnError: true });
  const list = await postsList({ path: { username }, query: { cursor: '' }, throwOnError: true });
  expect(list.data.data.some(({ id }) => id === written.data.id), 'the post is not in the list');
  await sessionsLogout({ throwOnError: true });
}
void main();
`,
  },
  {
    name: 'orval',
    command: ['orval', '--config', 'orval.config.js'],
    file: 'orval.ts',
    program: `
import { postsCreate, postsList, sessionsLogin, sessionsLogout } from './orval/api';
${START}
async function main() {
  const login = await sessionsLogin({ username, password });
  expect(login.status === 200, 'login');
  const options = { headers: { Authorization: 'Bearer ' + login.data.access_token } };
  const written = await postsCreate(username, post, options);
  expect(written.status === 201, 'write');
  const list = await postsList(username, { items_per_page: 5 });
  expect(list.status === 200 && list.data.data.some(({ id }) => id === written.data.id), 'list');
  expect((await sessionsLogout(options)).status === 200, 'logout');
}
void main();
`,
  },
  {
    name: 'openapi-generator',
    command: [
      ...(['openapi-generator-cli', 'generate', '-i', 'openapi.json'] as const),
      ...(['-g', 'typescript-fetch', '-o', 'openapi-generator'] as const),
    ],
    file: 'openapi-generator.ts',
    program: `
import { Configuration, LoginApi, PostsApi } from './openapi-generator/index';
${START}
async function main() {
  const login = await new LoginApi(new Configuration({ basePath: baseUrl })).sessionsLogin({ username, password });
  const configuration = new Configuration({ basePath: baseUrl, accessToken: 'Bearer ' + login.accessToken });
  const posts = new PostsApi(configuration);
  const written = await posts.postsCreate({ username, createPostDto: post });
  const list = await posts.postsList({ username, cursor: '' });
  expect(list.data.some(({ id }) => id === written.id), 'the post is not in the list');
  await new LoginApi(configuration).sessionsLogout();
}
void main();
`,
  },
  {
    name: 'openapi-python-client',
    command: [
      'openapi-python-client',
      ...['generate', '--path', 'openapi.json', '--output-path', 'python', '--meta', 'none', '--overwrite'],
    ],
    file: 'use_python.py',
    program: `
import os
from python.client import AuthenticatedClient, Client
from python.api.login import sessions_login, sessions_logout
from python.api.posts import posts_create, posts_list
from python.models import CreatePostDto, LoginForm

url, username, password = (os.environ[name] for name in ("GATEWAY_URL", "API_USERNAME", "API_PASSWORD"))
login = sessions_login.sync(client=Client(base_url=url), body=LoginForm(username=username, password=password))
client = AuthenticatedClient(base_url=url, token=login.access_token)
written = posts_create.sync(username, client=client, body=CreatePostDto(title="Note G", text="A table of numbers."))
page = posts_list.sync(username, client=client, cursor="")
assert written.id in [post.id for post in page.data]
assert sessions_logout.sync(client=client).message == "Logged out successfully"
`,
  },
];

/** Files that generators need besides the document. */
export const FILES = (gatewayUrl: string) => ({
  'package.json': JSON.stringify({ type: 'commonjs', dependencies: NPM_TOOLS }),
  'openapitools.json': JSON.stringify({ 'generator-cli': { version: '7.25.0' } }),
  '.spectral.yaml': 'extends: [spectral:oas]\n',
  'orval.config.js': `module.exports = ${JSON.stringify({
    api: {
      input: './openapi.json',
      output: { target: './orval/api.ts', client: 'fetch', baseUrl: gatewayUrl },
    },
  })};\n`,
});

export const TSC_OPTIONS = [
  ...['--strict', '--skipLibCheck', '--types', 'node', '--outDir', 'out'],
  ...['--target', 'es2022', '--lib', 'es2022,dom,dom.iterable', '--module', 'nodenext'],
];
