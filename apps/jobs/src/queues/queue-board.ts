import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type {
  AppControllerRoute,
  AppViewRoute,
  BullBoardQueues,
  IServerAdapter,
  UIConfig,
} from '@bull-board/api/typings/app';
import { Injectable } from '@nestjs/common';
import type { BullQueue } from '@repo/queue';

export interface BoardResponse {
  status: number;
  body: unknown;
}

type Route = Pick<AppControllerRoute, 'handler'> & { pattern: RegExp; parameters: number };

const UI_CONFIG: UIConfig = {
  boardTitle: 'Queues',
  hideDocsLink: true,
  // The Redis account of the service may not list clients.
  showWorkers: false,
};

/**
 * Adapter of bull-board without a web framework. Its own adapters register routes without our guards and error format,
 * and a page that loads fonts from another host.
 */
@Injectable()
export class QueueBoard implements IServerAdapter {
  private queues: BullBoardQueues = new Map();
  private uiConfig: UIConfig = {};
  private routes: Route[] = [];
  private entry?: AppViewRoute;
  private readonly replaceQueues: (queues: BullMQAdapter[]) => void;

  constructor() {
    const board = createBullBoard({ queues: [], serverAdapter: this, options: { uiConfig: UI_CONFIG } });
    this.replaceQueues = (queues) => board.replaceQueues(queues);
  }

  show(queues: BullQueue[]): void {
    this.replaceQueues(queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })));
  }

  /** Handles a request of the page; undefined for an unknown path. */
  async get(path: string, query: Record<string, string>): Promise<BoardResponse | undefined> {
    const route = this.routes.find(({ pattern }) => pattern.test(path));
    if (!route) return undefined;
    const params = { ...route.pattern.exec(path)?.groups };
    for (const [name, value] of Object.entries(params)) params[name] = decodeURIComponent(value);
    const { queues, uiConfig } = this;
    const { status = 200, body } = await route.handler({
      queues,
      uiConfig,
      query,
      params,
      body: {},
      headers: {},
    });
    return { status, body };
  }

  /** The values for the template of the page. */
  pageValues(basePath: string): Record<string, string> {
    return this.entry!.handler({ basePath, uiConfig: this.uiConfig }).params;
  }

  setQueues(queues: BullBoardQueues): this {
    this.queues = queues;
    return this;
  }

  setUIConfig(uiConfig: UIConfig): this {
    this.uiConfig = uiConfig;
    return this;
  }

  setEntryRoute(entry: AppViewRoute): this {
    this.entry = entry;
    return this;
  }

  /** Keeps the GET routes; those with fewer parameters match first. */
  setApiRoutes(routes: AppControllerRoute[]): this {
    const reads = routes.filter(({ method }) => [method].flat().includes('get'));
    this.routes = reads
      .flatMap(({ route, handler }) => [route].flat().map((path) => toRoute(path, handler)))
      .sort((a, b) => a.parameters - b.parameters);
    return this;
  }

  setErrorHandler(): this {
    return this;
  }

  setViewsPath(): this {
    return this;
  }

  setStaticPath(): this {
    return this;
  }
}

function toRoute(path: string, handler: Route['handler']): Route {
  const names = path.match(/:\w+/g) ?? [];
  const source = names.reduce((text, name) => text.replace(name, `(?<${name.slice(1)}>[^/]+)`), path);
  return { pattern: new RegExp(`^${source}$`), parameters: names.length, handler };
}
